"""Which open passage takes which code in."""

import pytest
from made import DETAILS, a_moment, a_pass, a_situation

from station.domain import entries, joining
from station.domain.by_hand import Told, registered
from station.domain.decision import Decision, Outcome
from station.domain.origin import OriginClasses
from station.domain.passage import Row
from station.domain.passes import PassKind, Presented, Rejected
from station.domain.reasons import Reason
from station.domain.said import said_by, with_said
from station.domain.situation import Beside, LaneKind

PASS, VOUCHER = a_pass(), a_pass(kind=PassKind.VOUCHER)
CERTIFICATE, GOODS, BADGE = (a_pass(kind=kind) for kind in (PassKind.HEALTH, PassKind.BATCH, PassKind.BADGE))
FAILED, PART = Rejected(Reason.FORGED, "", "HC1"), Rejected(Reason.INCOMPLETE, "", "shc")
STRANGER, FORGED_PASS = Rejected(Reason.NOT_A_PASS, ""), Rejected(Reason.FORGED, "", "CP1")


def a_row(presented: Presented, outcome: Outcome = Outcome.HELD, **situation) -> Row:
    found = a_situation(**situation)
    decision = Decision(outcome, (), outcome)
    return Row(1, 1, entries.decided(presented, found, decision, "a", OriginClasses()), b"")


@pytest.mark.parametrize("standing", [PASS, VOUCHER, CERTIFICATE, GOODS, FAILED, PART])
@pytest.mark.parametrize("shown", [CERTIFICATE, GOODS, FAILED, PART])
def test_what_rides_beside_a_pass_is_taken_in(standing: Presented, shown: Presented) -> None:
    assert joining.takes_in(a_row(standing).entry, shown)


@pytest.mark.parametrize("standing", [CERTIFICATE, GOODS, FAILED, PART])
@pytest.mark.parametrize("shown", [PASS, VOUCHER])
def test_a_pass_takes_over_what_came_before_it(standing: Presented, shown: Presented) -> None:
    assert joining.takes_in(a_row(standing).entry, shown)


@pytest.mark.parametrize(
    ("standing", "shown"),
    [
        *((alone, CERTIFICATE) for alone in (BADGE, STRANGER, FORGED_PASS)),
        *((CERTIFICATE, alone) for alone in (BADGE, STRANGER, FORGED_PASS)),
        (PASS, VOUCHER),
        (PASS, STRANGER),
    ],
)
def test_everything_else_is_a_passage_of_its_own(standing: Presented, shown: Presented) -> None:
    assert not joining.takes_in(a_row(standing).entry, shown)


def test_who_registered_without_a_code_has_shown_none() -> None:
    by_hand = registered(a_situation(lane_kind=LaneKind.PERSON), Outcome.HELD, Told(), "")
    assert not joining.takes_in(by_hand, CERTIFICATE)


@pytest.mark.parametrize(
    ("row", "later", "is_open"),
    [
        (a_row(PASS), a_moment(59.9), True),
        (a_row(PASS), a_moment(60), False),
        (a_row(PASS), a_moment(10, boot="boot0002"), False),
        (a_row(PASS, Outcome.GRANTED), a_moment(10), False),
        (a_row(PASS, Outcome.DENIED), a_moment(10), False),
    ],
)
def test_a_passage_is_open_while_it_is_held_and_somebody_is_there(row: Row, later, is_open: bool) -> None:
    assert joining.is_open(row, later) is is_open


def test_what_stands_beside_a_pass_comes_back_from_its_row() -> None:
    beside = Beside(("a", "b"), ("g",), (Reason.FORGED, Reason.EXPIRED))
    assert joining.beside_of(a_row(PASS, beside=beside).entry) == beside
    assert joining.beside_of(a_row(PASS).entry) == Beside()


@pytest.mark.parametrize("kind", DETAILS)
def test_every_kind_says_its_details_in_texts(kind: PassKind) -> None:
    said = said_by(a_pass(kind=kind, details=DETAILS[kind]))
    assert said
    assert all(isinstance(text, str) and text for text in said.values())


def test_of_each_kind_stands_what_the_last_one_said() -> None:
    before = {"health.kind": "test", "health.result": "negative", "declaration.itinerary": "410700"}
    said = with_said(before, {"health.kind": "vaccination", "health.dose": "2/2"})
    assert said == {"health.kind": "vaccination", "health.dose": "2/2", "declaration.itinerary": "410700"}
