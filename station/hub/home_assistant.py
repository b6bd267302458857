"""What Home Assistant is told so that chosen stations' lanes appear there: MQTT discovery, a message for each station.

It then reads the stations' own ``live`` and ``state`` topics. Nothing is counted here, and no count is sent.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from station.hub.roster import StationRow
from station.messages import LIVE_COUNTS, Up

OWN = "checkpoint"  # what begins the name of everything of ours over there
_WAITING = ("held", "unmatched")  # these go down again; the others add up over the local day
_DAY = "{{ value_json.day }}T00:00:00"
_NAMES = {
    "granted": "granted 放行",
    "held": "held 待查",
    "denied": "denied 劝返",
    "vehicles": "vehicles 车辆",
    "persons": "persons 人员",
    "crossings": "crossings 过杆",
    "unmatched": "unmatched 未对账",
}


def discovery_topic(prefix: str, district: str, station: str) -> str:
    return f"{prefix}/device/{OWN}-{district}-{station}/config"


def discovery(district: str, station: StationRow, software: str) -> bytes:
    """One device with a sensor for every count of every lane, as Home Assistant 2024.12 and later reads it."""
    up, own = Up(district, station.id), f"{OWN}-{district}-{station.id}"
    message = {
        "device": {
            "identifiers": [own],
            "name": station.name or station.id,
            "manufacturer": "Checkpoint Station",
            "sw_version": station.software,
        },
        "origin": {"name": "checkpoint-hub", "sw_version": software},
        "availability": [
            {"topic": up("state"), "value_template": "{{ 'online' if value_json.state == 'online' else 'offline' }}"}
        ],
        "state_topic": up("live"),
        "qos": 0,
        "components": dict(_sensors(own, station.lanes)),
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _sensors(own: str, lanes: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for lane in lanes:
        for count in LIVE_COUNTS:
            identity = f"{own}-{lane}-{count}"
            yield identity, _sensor(identity, lane, count)


def _sensor(identity: str, lane: str, count: str) -> dict[str, Any]:
    sensor = {
        "platform": "sensor",
        "unique_id": identity,
        "name": f"{lane} {_NAMES[count]}",
        "value_template": f"{{{{ value_json.lanes['{lane}'].{count} }}}}",
    }
    if count in _WAITING:
        return sensor | {"state_class": "measurement"}
    return sensor | {"state_class": "total", "last_reset_value_template": _DAY}
