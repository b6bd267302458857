"""Every rule, found by the tuple that registers it, is held to the same behaviour."""

import pkgutil

import pytest
from made import a_moment, a_pass, a_situation

from station import rules
from station.domain.decision import Finding, Outcome
from station.domain.passes import Rejected
from station.domain.reasons import Reason
from station.domain.situation import Mode
from station.rules import RULES, Rule

SHOWN = [a_pass(), a_pass(musts={}), *(Rejected(reason, "x") for reason in list(Reason)[:4])]
SITUATIONS = [a_situation(), a_situation(mode=Mode.ATTENDED), a_situation(at=a_moment(trusted=False))]


def name(rule: Rule) -> str:
    return rule.__module__.rsplit(".", 1)[-1]


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_a_rule_answers_findings_that_object_and_the_same_ones_when_asked_again(rule: Rule) -> None:
    for shown in SHOWN:
        for situation in SITUATIONS:
            findings = list(rule(shown, situation))
            assert all(isinstance(finding, Finding) and finding.outcome is not Outcome.GRANTED for finding in findings)
            assert findings == list(rule(shown, situation))


def test_every_rule_file_is_registered() -> None:
    assert sorted(name(rule) for rule in RULES) == sorted(
        module.name for module in pkgutil.iter_modules(rules.__path__)
    )
