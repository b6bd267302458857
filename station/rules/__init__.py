"""Pass and situation to a decision. A rule is one file and one line in ``RULES``; each says what it has against
granting, and the worst of all findings decides."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from station.domain.decision import Decision, Finding, Outcome, Source
from station.domain.entries import found_by_rules
from station.domain.joining import has_pass, rides_beside, with_code
from station.domain.passage import Entry
from station.domain.passes import Must, Pass, Presented
from station.domain.reasons import Reason
from station.domain.situation import Beside, Policy, Situation
from station.rules import (
    attended,
    beside,
    health,
    listed,
    manifest,
    musts,
    purpose,
    repeat,
    scope,
    signature,
    temperature,
    validity,
)

__all__ = ["BESIDE_RULES", "RULES", "Rule", "count_in", "decide", "decide_again", "decide_on_ticks"]

Rule = Callable[[Presented, Situation], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    signature.judge,
    purpose.judge,
    validity.judge,
    listed.judge,
    scope.judge,
    repeat.judge,
    health.judge,
    beside.judge,
    manifest.judge,
    temperature.judge,
    musts.judge,
    attended.judge,
)
BESIDE_RULES: tuple[Rule, ...] = (
    signature.judge,
    validity.judge,
    listed.judge,
    scope.judge,
    repeat.judge,
    health.judge,
)
"""What is asked of a code that rides beside a pass."""

_LIFTED = frozenset(
    {
        Reason.AWAITING_OPERATOR,
        Reason.LEDGER_UNWRITABLE,
        Reason.UNDONE,
        Reason.INCOMPLETE,
        Reason.CLOCK_CORRECTED,
    }
)


def decide(presented: Presented, situation: Situation, rules: tuple[Rule, ...] = RULES) -> Decision:
    """Hear every rule. A code that rides beside a pass lets nobody through, and turns nobody back either."""
    findings = [finding for rule in rules for finding in rule(presented, situation)]
    if rides_beside(presented):
        findings = [Finding(Outcome.HELD, finding.reason) for finding in findings]
    return _decision(findings, musts.evidence(presented, situation))


def count_in(presented: Presented, code_id: str, situation: Situation) -> Beside:
    """What stands beside a passage's pass once a further code has been shown."""
    against = tuple(finding.reason for rule in BESIDE_RULES for finding in rule(presented, situation))
    attests = isinstance(presented, Pass) and musts.attests_test(presented, situation)
    return with_code(situation.beside, presented, code_id, against, attests)


def decide_again(standing: Entry, presented: Presented, situation: Situation) -> Decision:
    """Decide on a passage once more after ``presented`` was shown beside its pass.

    The pass is not there to be judged anew: what the rules found against it stands, but for what is met now.
    """
    certified = musts.certified(standing.persons, situation)
    met = {must: Source(standing.evidence[must]) for must in Must if must in standing.evidence}
    lifted = _LIFTED | {Reason.TEST_MISSING} if certified else _LIFTED
    outcome = _at_least_held(standing)
    findings = [Finding(outcome, reason) for reason in found_by_rules(standing) if reason not in lifted]
    findings += [*beside.judge(presented, situation), *attended.judge(presented, situation)]
    return _decision(findings, met | {Must.TEST: Source.ATTESTED} if certified else met)


def decide_on_ticks(standing: Entry, met: Mapping[Must, Source], policy: Policy) -> Decision:
    """Decide on a passage once more after the operator vouched for a must or took that back.

    Nothing opens for it, on an automatic lane neither: where nothing else stands in the way, granting is proposed.
    """
    if standing.key.outcome is Outcome.GRANTED and Reason.BY_OPERATOR not in standing.reasons:
        return Decision(Outcome.GRANTED, standing.reasons, Outcome.GRANTED, met)
    lifted = _LIFTED | frozenset(musts.MISSING.values())
    if met.get(Must.TEMPERATURE) is Source.OPERATOR:
        lifted |= {Reason.THERMOMETER_LOST}
    outcome = _at_least_held(standing)
    findings = [Finding(outcome, reason) for reason in found_by_rules(standing) if reason not in lifted]
    if has_pass(standing):
        findings += [Finding(Outcome.HELD, reason) for reason in musts.missing(met, policy)]
    return _decision([*findings, Finding(Outcome.HELD, Reason.AWAITING_OPERATOR)], met)


def _at_least_held(standing: Entry) -> Outcome:
    """What the rules proposed; nobody asked them about a passage that was registered by hand."""
    proposed = Outcome(standing.evidence.get("proposed", Outcome.HELD))
    return max(Outcome.HELD, proposed, key=lambda found: found.severity)


def _decision(findings: Iterable[Finding], met: Mapping[Must, Source]) -> Decision:
    """The worst of all findings. ``proposed`` leaves out that somebody still has to tap."""
    findings = tuple(findings)
    objections = tuple(f for f in findings if f.reason is not Reason.AWAITING_OPERATOR)
    return Decision(
        outcome=_worst(findings),
        # That somebody has to tap is worth saying only where nothing else stands in the way.
        reasons=tuple(dict.fromkeys(finding.reason for finding in objections or findings)),
        proposed=_worst(objections),
        musts=met,
    )


def _worst(findings: Iterable[Finding]) -> Outcome:
    outcomes = (finding.outcome for finding in findings)
    return max(outcomes, key=lambda outcome: outcome.severity, default=Outcome.GRANTED)
