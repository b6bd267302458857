"""Inputs of the fuzzing's strategies, by seed, for who sends them to a running process."""

from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy


def drawn(inputs: SearchStrategy[Any], of_seed: int, count: int) -> list[Any]:
    """The same for the same seed."""
    found: list[Any] = []

    @seed(of_seed)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs)
    def keep(value: Any) -> None:
        found.append(value)

    keep()
    return found
