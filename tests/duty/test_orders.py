from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from duty_rig import DutyRig, an_order
from made import KEY, NOON

from station.domain.commands import Refusal, Refused
from station.domain.events.orders import OrderAcknowledged
from station.domain.orders import Urgency
from station.duty.orders import MOST_REFUSALS, SIGNER_WITHIN
from station.passes import TrustList
from station.passes.roles import DistrictKey, KeyRole


@pytest.fixture
def rig(tmp_path: Path) -> DutyRig:
    return DutyRig(tmp_path)


def ids(rig: DutyRig) -> list[str]:
    return [order["id"] for order in rig.shows("orders")]


def test_an_order_is_on_the_screen_until_it_is_acknowledged_and_each_step_goes_up_once(rig: DutyRig) -> None:
    rig.orders.receive(an_order())
    (order,) = rig.shows("orders")
    assert (order["zh"], order["urgency"], order["shown"]) == ("一号车道暂停放行。", "urgent", False)
    for _ in range(2):
        rig.orders.shown("order-1")
        assert rig.shows("orders")[0]["shown"]
    for _ in range(2):
        rig.orders.acknowledge("order-1", "0107")
    assert ids(rig) == []
    assert rig.told() == [(f"order_{step}", {"order": "order-1"}) for step in ("received", "shown", "acknowledged")]
    assert [row.operator for row in rig.events.of((OrderAcknowledged,))] == ["0107"]


def test_an_order_said_again_is_received_once_also_after_a_restart(rig: DutyRig) -> None:
    rig.orders.receive(an_order())
    rig.orders.receive(an_order())
    rig.restart()
    rig.orders.receive(an_order())
    assert (ids(rig), len(rig.told())) == (["order-1"], 1)
    rig.orders.acknowledge("order-1")
    rig.restart()
    rig.orders.receive(an_order())
    assert (ids(rig), len(rig.told())) == ([], 2)


def test_the_most_urgent_stands_first(rig: DutyRig) -> None:
    for number, urgency in enumerate((Urgency.ROUTINE, Urgency.IMMEDIATE, Urgency.URGENT)):
        rig.orders.receive(an_order(number, urgency=urgency))
    assert ids(rig) == ["order-1", "order-2", "order-0"]


def test_an_order_leaves_the_screen_when_it_expires_but_not_while_the_clock_cannot_be_trusted(rig: DutyRig) -> None:
    rig.orders.receive(an_order(hours=1))
    rig.clock.seconds, rig.clock.trusted = 3601, False
    rig.orders.tend()
    assert ids(rig) == ["order-1"]
    rig.clock.trusted = True
    rig.orders.tend()
    assert ids(rig) == []
    with pytest.raises(Refused) as refused:
        rig.orders.acknowledge("order-1")
    assert refused.value.why is Refusal.NOT_FOUND


@pytest.mark.parametrize(
    ("message", "reason", "order"),
    [
        (an_order(hours=-0.5), "expired", "order-1"),
        (an_order(level=("pingyuan", "qiaonan")), "not_addressed", "order-1"),
        (an_order(district="elsewhere"), "not_addressed", "order-1"),
        (an_order()[:-9] + b'AAAAAAA"}', "forged", "order-1"),
        (b"{}", "malformed", ""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_followed_is_told_once_with_the_reason(
    rig: DutyRig, message: bytes, reason: str, order: str
) -> None:
    rig.orders.receive(message)
    rig.orders.receive(message)
    assert ids(rig) == []
    assert rig.told() == [("order_refused", {"order": order, "reason": reason})]
    assert rig.orders.refusals == 2
    assert rig.orders.fault


def test_an_order_waits_for_the_trust_list_that_names_its_signer(rig: DutyRig) -> None:
    desk = Ed25519PrivateKey.generate()
    rig.orders.receive(an_order(key=desk))
    assert (ids(rig), rig.told()) == ([], [])
    rig.trust = TrustList([KEY.public_key(), desk.public_key()])
    rig.orders.tend()
    assert ids(rig) == ["order-1"]


def test_an_order_whose_signer_stays_unknown_is_refused(rig: DutyRig) -> None:
    rig.orders.receive(an_order(key=Ed25519PrivateKey.generate()))
    rig.clock.seconds = SIGNER_WITHIN + 1
    rig.orders.tend()
    assert rig.told() == [("order_refused", {"order": "order-1", "reason": "unknown_signer"})]


def test_a_flood_of_forgeries_does_not_fill_the_ledger(rig: DutyRig) -> None:
    for number in range(MOST_REFUSALS + 50):
        rig.orders.receive(an_order(number, hours=-0.5))
    assert (len(rig.told()), rig.orders.refusals) == (MOST_REFUSALS, MOST_REFUSALS + 50)


def test_an_order_whose_text_is_forgotten_stays_off_the_screen(rig: DutyRig) -> None:
    rig.orders.receive(an_order(hours=24 * 9))
    rig.ledger.sealer.forget(rig.clock.now().utc.date().replace(day=9), 1)
    rig.restart()
    assert ids(rig) == []


# Replays


def order_replayed(rig: DutyRig, message: bytes) -> None:
    rig.orders.receive(message)
    rig.orders.tend()
    assert ids(rig) == []


def test_an_order_that_was_acknowledged_is_not_shown_again_however_often_it_is_said(rig: DutyRig) -> None:
    rig.orders.receive(an_order(hours=1))
    rig.orders.acknowledge("order-1")
    for seconds, trusted in ((60, True), (3601, True), (3602, False), (9e6, False)):
        rig.clock.seconds, rig.clock.trusted = seconds, trusted
        order_replayed(rig, an_order(hours=1))
        rig.restart()
        order_replayed(rig, an_order(hours=1))
    assert [kind for kind, _ in rig.told()] == ["order_received", "order_acknowledged"]


def test_an_order_that_expired_unread_stays_off_the_screen_after_a_restart_without_a_trusted_clock(
    rig: DutyRig,
) -> None:
    rig.orders.receive(an_order(hours=1))
    rig.orders.receive(an_order(2, hours=48))
    rig.clock.seconds = 3601
    rig.orders.acknowledge("order-2")  # a row of a trusted time behind the expiry
    rig.clock.seconds, rig.clock.trusted = -9e6, False
    rig.restart()
    order_replayed(rig, an_order(hours=1))


def test_an_order_whose_text_is_forgotten_is_not_taken_anew(rig: DutyRig) -> None:
    rig.orders.receive(an_order(hours=24 * 9))
    rig.ledger.sealer.forget(rig.clock.now().utc.date().replace(day=9), 1)
    rig.restart()
    order_replayed(rig, an_order(hours=24 * 9))
    assert len(rig.told()) == 1


def test_an_id_that_was_taken_brings_no_other_text(rig: DutyRig) -> None:
    rig.orders.receive(an_order())
    rig.orders.receive(an_order(zh="开放所有车道。", expires=NOON + timedelta(days=20)))
    assert [order["zh"] for order in rig.shows("orders")] == ["一号车道暂停放行。"]


def test_an_order_that_would_stand_for_ever_is_refused(rig: DutyRig) -> None:
    rig.orders.receive(an_order(expires=NOON + timedelta(days=60 * 366)))
    assert ids(rig) == []
    assert rig.told() == [("order_refused", {"order": "order-1", "reason": "malformed"})]


@pytest.mark.parametrize("role", KeyRole)
def test_only_a_key_for_orders_gives_orders(rig: DutyRig, role: KeyRole) -> None:
    rig.trust = TrustList([DistrictKey(KEY.public_key(), role.uses)])
    rig.orders.receive(an_order())
    assert ids(rig) == (["order-1"] if role in (KeyRole.ORDERS, KeyRole.DISTRICT) else [])
