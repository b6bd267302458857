"""What a hub knows of the time lies in its store, for each hub of its own."""

from datetime import UTC, datetime, timedelta

import pytest
from storage import Storage

from station.domain.moment import Moment
from station.domain.retention import CONFIRM_S, MAX_STEP_S
from station.hub.database import Database
from station.hub.retention import SAVE_INTERVAL_S, RetentionClock

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


class Machine:
    def __init__(self) -> None:
        self.monotonic, self.trusted, self.wrong = 1000.0, True, timedelta()

    def now(self) -> Moment:
        return Moment(BEGIN + timedelta(seconds=self.monotonic) + self.wrong, self.trusted, "b00t", self.monotonic)

    def run(self, clock: RetentionClock, seconds: float) -> None:
        for _ in range(int(seconds // MAX_STEP_S)):
            self.monotonic += MAX_STEP_S
            clock.look()


@pytest.fixture
def machine() -> Machine:
    return Machine()


def clock_of(database: Database, machine: Machine, hub: str = "hub-pingyuan") -> RetentionClock:
    return RetentionClock(database, hub, machine.now, lambda: machine.monotonic)


def test_a_day_of_running_counts_over_restarts_and_is_not_another_hubs(database: Database, machine: Machine) -> None:
    machine.run(clock_of(database, machine), CONFIRM_S / 2)
    again = clock_of(database, machine)
    machine.run(again, CONFIRM_S / 2 + 3 * MAX_STEP_S)
    assert again.until() is not None
    machine.monotonic += SAVE_INTERVAL_S
    again.look()
    assert clock_of(database, machine).until() is not None
    assert clock_of(database, machine, "hub-other").until() is None


def test_a_start_years_ahead_says_no_more_than_what_was_proven(database: Database, machine: Machine) -> None:
    clock = clock_of(database, machine)
    machine.run(clock, 2 * CONFIRM_S)
    right = machine.now().utc
    machine.wrong = timedelta(days=3650)
    until = clock_of(database, machine).until()
    assert until is not None
    assert until <= right


def test_while_the_kernel_does_not_say_that_the_clock_is_synchronised_nothing_may_be_deleted(
    database: Database, machine: Machine
) -> None:
    clock = clock_of(database, machine)
    machine.run(clock, 2 * CONFIRM_S)
    machine.trusted = False
    assert clock.until() is None


def test_a_store_that_is_away_forgets_nothing_that_is_known(storage: Storage, machine: Machine) -> None:
    clock = clock_of(storage.open(), machine)
    machine.run(clock, 2 * CONFIRM_S)
    storage.refuse()
    machine.run(clock, CONFIRM_S)
    storage.relent()
    assert clock.until() == machine.now().utc


def test_one_right_reading_begins_the_day_anew_though_the_hub_restarts_at_once(
    database: Database, machine: Machine
) -> None:
    clock = clock_of(database, machine)
    machine.wrong = timedelta(days=8)
    machine.run(clock, 0.9 * CONFIRM_S)
    machine.monotonic, machine.wrong = machine.monotonic + 1, timedelta()
    clock.look()
    again = clock_of(database, machine)
    machine.wrong = timedelta(days=8)
    machine.run(again, 0.3 * CONFIRM_S)
    assert again.until() is None
