"""Schedules of faults by seed: what they hold, and a few of them played on real processes. scripts/soak plays 1,000."""

import pytest

from station.commands.simulate_schedules import run_schedule
from station.simulation.schedule import SECONDS, Blow, blows

pytestmark = pytest.mark.clock


def test_a_seed_says_what_is_struck_and_everything_is_mended() -> None:
    assert blows(5) == blows(5)
    assert blows(5) != blows(6)
    every = [one for seed in range(50) for one in blows(seed)]
    assert {one.blow for one in every} == set(Blow)
    assert all(one.at <= one.over < SECONDS for one in every)


@pytest.mark.faults
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [2, 7, 2001])
def test_a_killed_hub_a_killed_broker_and_a_full_disk_lose_nothing_and_count_nothing_twice(seed: int) -> None:
    line = run_schedule(seed)
    assert (line["settled"], line["differences"]) == (True, 0)
    assert line["passages"] > 0
