"""What rides beside a pass is judged for itself, counted once, and the passage decided again."""

from dataclasses import replace

import pytest
from made import NOON, a_moment, a_pass, a_situation

from station import rules
from station.domain import entries
from station.domain.decision import Outcome, Source
from station.domain.origin import OriginClasses
from station.domain.passage import Entry
from station.domain.passes import Health, HealthKind, Must, Pass, PassKind, Rejected, TestResult
from station.domain.reasons import Reason
from station.domain.situation import Beside, Mode, Situation

NEGATIVE = Health(HealthKind.TEST, NOON, TestResult.NEGATIVE)
FORGED = Rejected(Reason.FORGED, "", "HC1")


def a_certificate(**changes) -> Pass:
    return a_pass(**{"kind": PassKind.HEALTH, "health": NEGATIVE, "musts": {}, "party": 1} | changes)


def standing(shown: Pass, situation: Situation) -> Entry:
    """The row of a passage as the rules decided it."""
    return entries.decided(shown, situation, rules.decide(shown, situation), shown.id, OriginClasses())


def test_a_certificate_that_stands_for_the_test_counts_once() -> None:
    beside = rules.count_in(a_certificate(), "a", a_situation())
    assert beside == Beside(certificates=("a",))
    assert rules.count_in(a_certificate(), "a", a_situation(beside=beside)) == beside
    assert rules.count_in(a_certificate(), "b", a_situation(beside=beside)).certificates == ("a", "b")


def test_a_certificate_that_something_speaks_against_no_longer_counts() -> None:
    counted = a_situation(beside=Beside(certificates=("a",)), at=a_moment(9 * 3600))
    assert rules.count_in(a_certificate(), "a", counted) == Beside(against=(Reason.EXPIRED,))


def test_what_is_still_to_be_shown_is_forgotten_once_it_was_shown_and_a_forgery_is_not() -> None:
    waiting = a_situation(beside=Beside(against=(Reason.FORGED, Reason.INCOMPLETE)))
    assert rules.count_in(a_certificate(), "a", waiting) == Beside(("a",), (), (Reason.FORGED,))


def test_goods_are_counted_apart_from_certificates() -> None:
    assert rules.count_in(a_pass(kind=PassKind.BATCH), "g", a_situation()) == Beside(goods=("g",))


@pytest.mark.parametrize(("certificates", "outcome"), [(("a",), Outcome.HELD), (("a", "b"), Outcome.GRANTED)])
def test_a_pass_needs_a_certificate_for_everybody_of_its_party(certificates: tuple[str, ...], outcome: Outcome) -> None:
    shown = a_pass(party=2, musts={must: mark for must, mark in a_pass().musts.items() if must is not Must.TEST})
    beside = a_situation(beside=Beside(certificates=certificates))
    assert rules.decide(shown, beside).outcome is outcome
    before = standing(shown, a_situation())
    assert rules.decide_again(before, a_certificate(), beside).outcome is outcome


def test_what_stood_against_a_pass_still_does_beside_its_certificate() -> None:
    shown = a_pass(party=1, musts={})
    beside = a_situation(beside=Beside(certificates=("a",)))
    assert rules.decide_again(standing(shown, a_situation()), a_certificate(), beside) == rules.decide(shown, beside)


def test_a_forgery_beside_a_good_pass_holds_it() -> None:
    before = standing(a_pass(), a_situation(mode=Mode.ATTENDED))
    beside = a_situation(mode=Mode.ATTENDED, beside=Beside(against=(Reason.FORGED,)))
    decision = rules.decide_again(before, FORGED, beside)
    assert (decision.outcome, decision.proposed, decision.reasons) == (Outcome.HELD, Outcome.HELD, (Reason.FORGED,))


def test_a_passage_that_the_rules_denied_stays_denied() -> None:
    before = standing(a_pass(expires=NOON), a_situation())
    beside = a_situation(beside=Beside(certificates=("a", "b")))
    assert rules.decide_again(before, a_certificate(), beside).outcome is Outcome.DENIED


def test_where_a_person_has_decided_the_rules_own_findings_are_judged() -> None:
    before = standing(a_pass(party=1, musts={}), a_situation())
    tapped = replace(
        before,
        reasons=(Reason.BY_OPERATOR,),
        evidence={**before.evidence, "found": "test_missing fever"},
    )
    decision = rules.decide_again(tapped, a_certificate(), a_situation(beside=Beside(certificates=("a",))))
    assert (decision.reasons, decision.musts) == ((Reason.FEVER,), {Must.TEST: Source.ATTESTED})
