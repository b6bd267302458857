"""Every target for a moment; ``scripts/fuzz`` runs them for as long as it is told to."""

import pytest

from fuzzing.targets import TARGETS

EXAMPLES = 100


@pytest.mark.parametrize("name", TARGETS)
def test_hostile_input_is_refused_or_taken_and_ends_nothing(name: str) -> None:
    TARGETS[name].run(EXAMPLES)
