"""Enrolments to take and to refuse."""

from datetime import datetime

from authority import Authority, key_pem, pem
from made import NOON

from station.enrolment import Enrolment

NAME = "g107-bridge-north"


def an_enrolment(authority: Authority | None = None, *, name: str = NAME, until: datetime | None = None) -> Enrolment:
    """A usual one: three levels, a Chinese name, one district key."""
    authority = authority or Authority(at=NOON)
    certificate, key = authority.issue(name)
    return Enrolment(
        settings={
            "station": {
                "id": NAME,
                "name": "107国道黄河桥北岸",
                "district": "pingyuan",
                "levels": ["pingyuan", "qiaobei", "bridge-north"],
            },
            "uplink": {"url": "mqtts://hub.pingyuan.example:8883"},
        },
        ca=pem(authority.certificate),
        cert=pem(certificate),
        key=key_pem(key),
        trust=(bytes(range(32)),),
        list_key=bytes(32),
        until=until,
    )
