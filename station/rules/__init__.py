"""Pass and situation to a decision. A rule is one file and one line in ``RULES``; each says what it has against
granting, and the worst of all findings decides."""

from collections.abc import Callable, Iterable, Iterator

from station.domain.decision import Decision, Finding, Outcome
from station.domain.passes import Presented
from station.domain.reasons import Reason
from station.domain.situation import Situation
from station.rules import (
    attended,
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

__all__ = ["RULES", "Rule", "decide"]

Rule = Callable[[Presented, Situation], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    signature.judge,
    purpose.judge,
    validity.judge,
    listed.judge,
    scope.judge,
    repeat.judge,
    health.judge,
    manifest.judge,
    temperature.judge,
    musts.judge,
    attended.judge,
)


def decide(presented: Presented, situation: Situation, rules: tuple[Rule, ...] = RULES) -> Decision:
    """Hear every rule. ``proposed`` leaves out that somebody still has to tap."""
    findings = tuple(finding for rule in rules for finding in rule(presented, situation))
    objections = tuple(f for f in findings if f.reason is not Reason.AWAITING_OPERATOR)
    return Decision(
        outcome=_worst(findings),
        # That somebody has to tap is worth saying only where nothing else stands in the way.
        reasons=tuple(dict.fromkeys(finding.reason for finding in objections or findings)),
        proposed=_worst(objections),
        musts=musts.evidence(presented, situation),
    )


def _worst(findings: Iterable[Finding]) -> Outcome:
    outcomes = (finding.outcome for finding in findings)
    return max(outcomes, key=lambda outcome: outcome.severity, default=Outcome.GRANTED)
