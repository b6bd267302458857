"""The five musts (五必): each needs evidence from the pass, a sensor or the operator."""

from collections.abc import Collection, Iterator

from station.domain.decision import Finding, Outcome, Source
from station.domain.joining import NOT_FOR_PASSING
from station.domain.passes import COVID_19, Attestation, HealthKind, Must, Pass, Presented, Rejected, TestResult
from station.domain.reasons import Reason
from station.domain.situation import Policy, SensorState, Situation
from station.rules import validity

MISSING = {
    Must.IDENTITY: Reason.IDENTITY_MISSING,
    Must.ITINERARY: Reason.ITINERARY_MISSING,
    Must.TEST: Reason.TEST_MISSING,
    Must.TEMPERATURE: Reason.TEMPERATURE_MISSING,
    Must.DISINFECTION: Reason.DISINFECTION_MISSING,
}


def judge(presented: Presented, situation: Situation) -> Iterator[Finding]:
    """A code that lets nobody pass is held or denied for that alone; what else it lacks would only bury the reason."""
    if isinstance(presented, Rejected) or presented.kind in NOT_FOR_PASSING:
        return
    for reason in missing(evidence(presented, situation), situation.policy):
        yield Finding(Outcome.HELD, reason)


def missing(met: Collection[Must], policy: Policy) -> list[Reason]:
    """What the policy asks for and nobody has vouched for."""
    return [MISSING[must] for must in Must if must in policy.musts and must not in met]


def evidence(presented: Presented, situation: Situation) -> dict[Must, Source]:
    """The best evidence for each must that is met. A lane with a thermometer measures; declaring is not enough."""
    met: dict[Must, Source] = {}
    if isinstance(presented, Pass):
        for must, attestation in presented.musts.items():
            if attestation is Attestation.ATTESTED:
                met[must] = Source.ATTESTED
            elif must in situation.policy.declared_suffices:
                met[must] = Source.DECLARED
        if attests_test(presented, situation) or certified(presented.party, situation):
            met[Must.TEST] = Source.ATTESTED
    if situation.thermometer is not SensorState.NONE:
        met.pop(Must.TEMPERATURE, None)
    if situation.temperature is not None:
        met[Must.TEMPERATURE] = Source.SENSOR
    met.update(dict.fromkeys(situation.ticks, Source.OPERATOR))
    return met


def certified(party: int, situation: Situation) -> bool:
    """Has everybody of a party shown a certificate of their own that stands for the test?"""
    return len(situation.beside.certificates) >= party


def attests_test(shown: Pass, situation: Situation) -> bool:
    """Does a health certificate stand for the test here and now? Without a clock to trust nobody can say."""
    health, policy = shown.health, situation.policy
    if health is None or health.kind not in policy.health_suffices or health.disease != COVID_19:
        return False
    if any(validity.at_time(shown, situation.at, policy.issuer_leeway)):
        return False
    if health.kind is not HealthKind.TEST:
        return True
    age = (situation.at.utc - health.on).total_seconds()
    return health.result is TestResult.NEGATIVE and -policy.issuer_leeway <= age < policy.test_good_for
