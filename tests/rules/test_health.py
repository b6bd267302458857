from datetime import timedelta
from typing import Any

import pytest
from made import NOON, a_moment, a_pass, a_situation

from station import rules
from station.domain.decision import Outcome, Source
from station.domain.passes import Health, HealthKind, Must, Pass, PassKind, TestResult
from station.domain.reasons import Reason
from station.domain.situation import Policy
from station.rules import musts


def a_certificate(kind: HealthKind = HealthKind.TEST, hours: float = 5, **changes: Any) -> Pass:
    result = changes.pop("result", TestResult.NEGATIVE if kind is HealthKind.TEST else None)
    said = Health(kind, NOON - timedelta(hours=hours), result, **changes)
    return a_pass(format="HC1", kind=PassKind.HEALTH, musts={}, plate="", origin="", label="", health=said)


def test_a_health_certificate_never_lets_anybody_pass_alone() -> None:
    ticked = a_situation(ticks=frozenset(Must))
    decision = rules.decide(a_certificate(), ticked)
    assert (decision.outcome, decision.reasons) == (Outcome.HELD, (Reason.NOT_FOR_PASSING,))


def test_a_fresh_negative_test_is_evidence_for_the_test() -> None:
    assert rules.decide(a_certificate(), a_situation()).musts == {Must.TEST: Source.ATTESTED}


@pytest.mark.parametrize(
    "shown",
    [
        a_certificate(hours=48),
        a_certificate(hours=-1),
        a_certificate(result=TestResult.POSITIVE),
        a_certificate(result=TestResult.UNKNOWN),
        a_certificate(HealthKind.VACCINATION),
        a_certificate(HealthKind.RECOVERY),
        a_certificate(disease="397430003"),
    ],
)
def test_an_old_a_positive_or_another_certificate_is_none(shown: Pass) -> None:
    assert rules.decide(shown, a_situation()).musts == {}


def test_the_district_says_which_certificates_stand_for_the_test() -> None:
    policy = Policy(health_suffices=frozenset({HealthKind.VACCINATION}))
    assert musts.attests_test(a_certificate(HealthKind.VACCINATION, hours=9999), a_situation(policy=policy))
    assert not musts.attests_test(a_certificate(), a_situation(policy=policy))


def test_an_expired_certificate_or_one_under_an_untrusted_clock_is_no_evidence() -> None:
    assert not musts.attests_test(a_certificate(), a_situation(at=a_moment(9 * 3600)))
    assert not musts.attests_test(a_certificate(), a_situation(at=a_moment(trusted=False)))


def test_a_positive_test_is_held_with_its_own_reason() -> None:
    decision = rules.decide(a_certificate(result=TestResult.POSITIVE), a_situation())
    assert Reason.TEST_POSITIVE in decision.reasons
