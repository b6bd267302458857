"""Made-up passes, moments and situations for tests."""

import random
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.domain.details import (
    BadgeDetails,
    BadgeRole,
    BatchDetails,
    DeclarationDetails,
    Details,
    ManifestDetails,
    ResidentDetails,
    VehicleDetails,
    VoucherDetails,
)
from station.domain.moment import Moment
from station.domain.passes import Attestation, Must, Pass, PassKind, Scope, TrafficKind
from station.domain.situation import LaneKind, Mode, Situation
from station.passes import TrustList

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
TRUST = TrustList([KEY.public_key()])
DETAILS: dict[PassKind, Details] = {
    PassKind.DECLARATION: DeclarationDetails(("410700", "420100")),
    PassKind.VEHICLE: VehicleDetails(seats=5),
    PassKind.RESIDENT: ResidentDetails("3", "502"),
    PassKind.BADGE: BadgeDetails("0417", "B2", BadgeRole.INSPECTOR),
    PassKind.VOUCHER: VoucherDetails("D20260302-118"),
    PassKind.BATCH: BatchDetails("恒冷物流", "B-7731", "C-2026-0099"),
    PassKind.MANIFEST: ManifestDetails(seats=40, declared=23),
}


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
