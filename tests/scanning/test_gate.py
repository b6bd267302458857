"""The gate lets frames go unread, and never a code unseen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rendered import modules_of, placed, seen

from station.scanning.gate import Due, Gate

SIZE = (720, 1280)
UNLOOKED_AT_MOST = 0.2


def texture(chance: np.random.Generator) -> np.ndarray:
    """A view with edges and shades."""
    coarse = chance.uniform(60, 200, (9, 16))
    return np.kron(coarse, np.ones((80, 80)))


@pytest.mark.parametrize("pixels", [1.5, 2.0, 3.0, 4.0])
def test_a_code_that_appears_anywhere_is_looked_at_in_its_first_frame(pixels: float) -> None:
    chance = np.random.default_rng(int(pixels * 10))
    view = texture(chance)
    modules = modules_of("new here", version=1, error="m")
    for _ in range(12):
        centre = chance.uniform((60, 60), (SIZE[1] - 60, SIZE[0] - 60))
        code = placed(modules, pixels, centre, chance.uniform(0, 6), size=SIZE)
        at = code != 150
        gate = Gate()
        assert gate.due(seen(view, chance), 0.0) is Due.CHANGED
        assert gate.due(seen(view, chance), 0.033) is Due.NOT
        assert gate.due(seen(np.where(at, code, view), chance), 0.066) is Due.CHANGED


@settings(max_examples=40)
@given(st.integers(5, 60), st.floats(0.0, 0.2), st.integers(0, 10**6))
def test_a_view_that_does_not_change_is_looked_at_every_200_ms_at_any_frame_rate(
    rate: int, jitter: float, seed
) -> None:
    chance = np.random.default_rng(seed)
    still = np.full((90, 160), 120, np.uint8)
    gate, looked, now = Gate(), 0.0, 0.0
    for _ in range(50):
        step = (1 + chance.uniform(-jitter, jitter) / 10) / rate
        if gate.due(still, now) is not Due.NOT:
            looked = now
        now += step
        assert now - looked <= max(UNLOOKED_AT_MOST, step) + 1e-9


def test_most_frames_of_an_empty_noisy_view_are_not_looked_at() -> None:
    chance = np.random.default_rng(7)
    view = texture(chance)
    gate = Gate()
    due = [gate.due(seen(view, chance, noise=6.0), number / 30) for number in range(30)]
    assert due.count(Due.CHANGED) == 1
    assert due.count(Due.WAITED) <= 6


def test_another_size_of_frame_or_a_clock_set_back_is_a_change() -> None:
    gate = Gate()
    still = np.full((90, 160), 120, np.uint8)
    gate.due(still, 100.0)
    assert gate.due(np.full((80, 160), 120, np.uint8), 100.03) is Due.CHANGED
    assert gate.due(np.full((80, 160), 120, np.uint8), 3.0) is Due.CHANGED
