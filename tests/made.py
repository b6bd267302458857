"""Made-up passes, moments and situations for tests."""

import random
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.domain.moment import Moment
from station.domain.passes import Attestation, Must, Pass, PassKind, Scope, TrafficKind
from station.domain.situation import LaneKind, Mode, Situation
from station.passes import TrustList

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
TRUST = TrustList([KEY.public_key()])


def a_moment(seconds: float = 0.0, *, trusted: bool = True, boot: str = "boot0001") -> Moment:
    return Moment(NOON + timedelta(seconds=seconds), trusted, boot, 1000.0 + seconds)


def a_pass(**changes: Any) -> Pass:
    usual = Pass(
        format="CP1",
        kind=PassKind.DECLARATION,
        id=secrets.token_hex(8),
        issuer="pingyuan",
        issued_at=NOON - timedelta(hours=1),
        not_before=NOON - timedelta(hours=1),
        expires=NOON + timedelta(hours=8),
        label="王**",
        plate="豫G12345",
        traffic=TrafficKind.CAR,
        party=2,
        origin="410700",
        scope=Scope(),
        musts=dict.fromkeys(Must, Attestation.DECLARED),
    )
    return replace(usual, **changes)


def a_situation(**changes: Any) -> Situation:
    usual = Situation(
        lane="1",
        lane_kind=LaneKind.VEHICLE,
        mode=Mode.AUTOMATIC,
        at=a_moment(),
        station="g107-bridge-north",
        levels=("pingyuan", "qiaobei", "bridge-north"),
    )
    return replace(usual, **changes)


def flipped(data: bytes, chance: random.Random) -> bytes:
    """The same bytes with one bit wrong."""
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]
