"""Signed orders: read back whole; whatever else comes is refused with a reason and nothing but its own error."""

import json
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from made import KEY, NOON, TRUST, flipped

from station.domain.events.orders import OrderRefusal
from station.domain.orders import LARGEST_ORDER, LONGEST_TEXT, Order, Urgency
from station.passes.envelope import seal
from station.passes.signed_orders import OrderError, read, sign
from station.passes.trust import TrustList

ORDER = Order(
    id="20260302t120000-1a2b3c",
    district="pingyuan",
    level=("pingyuan", "桥北"),
    urgency=Urgency.URGENT,
    issued_at=NOON,
    expires=NOON + timedelta(hours=12),
    zh="一号车道暂停放行，\n改走二号。",
    en="Stop lane 1.",
)
MESSAGE = sign(ORDER, KEY)


def refusal(message: bytes, trust: TrustList = TRUST) -> OrderError:
    with pytest.raises(OrderError) as refused:
        read(message, "pingyuan", trust)
    return refused.value


def changed(**members: Any) -> bytes:
    said = {
        "order": ORDER.id,
        "district": "pingyuan",
        "level": ["pingyuan"],
        "urgency": "urgent",
        "issued_at": "2026-03-02T04:00:00Z",
        "expires": "2026-03-02T16:00:00Z",
        "zh": "停",
        "en": "",
    }
    return seal(json.dumps({**said, **members}).encode(), KEY)


def test_an_order_is_read_as_it_was_written() -> None:
    assert read(MESSAGE, "pingyuan", TRUST) == ORDER


def test_an_order_of_a_strangers_key_is_told_from_a_forged_one() -> None:
    stranger = sign(ORDER, Ed25519PrivateKey.generate())
    assert refusal(stranger).why is OrderRefusal.UNKNOWN_SIGNER
    outer = json.loads(MESSAGE)
    forged = json.dumps({**outer, "payload": json.loads(changed())["payload"]}).encode()
    assert (refusal(forged).why, refusal(forged).order) == (OrderRefusal.FORGED, ORDER.id)


def test_an_order_of_another_district_is_not_addressed_here() -> None:
    assert refusal(sign(replace(ORDER, district="elsewhere"), KEY)).why is OrderRefusal.NOT_ADDRESSED


@pytest.mark.parametrize(
    "members",
    [
        {"order": "UPPER"},
        {"order": 7},
        {"level": []},
        {"level": ["x"] * 9},
        {"level": [""]},
        {"level": "pingyuan"},
        {"urgency": "panic"},
        {"expires": "2026-03-02T04:00:00Z"},
        {"issued_at": "soon"},
        {"zh": "", "en": ""},
        {"zh": "x" * (LONGEST_TEXT + 1)},
        {"zh": "\x00"},
        {"zh": "\ud800"},
        {"en": "\u202etxet"},
    ],
    ids=str,
)
def test_an_order_that_does_not_keep_its_form_is_malformed(members: dict[str, Any]) -> None:
    assert refusal(changed(**members)).why is OrderRefusal.MALFORMED


def test_a_text_in_one_language_is_enough_and_wide_spaces_are_text() -> None:
    assert read(changed(zh="停\u3000止"), "pingyuan", TRUST).zh == "停\u3000止"


def test_what_stations_would_refuse_is_not_signed() -> None:
    with pytest.raises(OrderError):
        sign(replace(ORDER, zh="x" * (LONGEST_TEXT + 1)), KEY)


def test_whatever_the_bytes_are_nothing_but_its_own_error_comes_out() -> None:
    chance = random.Random(6)
    assert refusal(b"x" * (LARGEST_ORDER + 1)).why is OrderRefusal.MALFORMED
    for _ in range(300):
        bad = flipped(MESSAGE, chance)
        try:
            found = read(bad, "pingyuan", TRUST)
        except OrderError:
            continue
        assert found == ORDER  # the flipped bit was one that says nothing


@pytest.mark.parametrize(
    ("level", "is_for"),
    [
        (("pingyuan",), True),
        (("pingyuan", "qiaobei"), True),
        (("pingyuan", "qiaobei", "g107-north"), True),
        (("pingyuan", "qiaonan"), False),
        (("pingyuan", "qiaobei", "g107-south"), False),
        (("pingyuan", "qiaobei", "g107-north", "1"), False),
    ],
)
def test_an_order_is_for_every_station_beneath_its_level(level: tuple[str, ...], is_for: bool) -> None:
    assert replace(ORDER, level=level).is_for(("pingyuan", "qiaobei"), "g107-north") is is_for
