"""What is personal is forgotten after so many days, and never because a clock was wrong."""

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lanes import HandClock, LaneRig
from made import TRUST, a_pass
from wrong_clocks import HOUR, Machine, errors

from station.domain.passage import Personal
from station.domain.power import Power
from station.domain.retention import CONFIRM_S, MAX_STEP_S
from station.feed import Feed
from station.housekeeping import Housekeeping, UplinkReport
from station.ledger import audit, key_ages
from station.ledger.key_ages import FILE_NAME
from station.ledger.seal import Sealer
from station.lists import Lists
from station.lists.shelf import Shelf

KEEP = 30
YEARS = timedelta(days=26_000)
PERSONAL = Personal(plate="豫G54321")


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written down in a month need not survive a power cut here, nor be written every ten minutes."""
    monkeypatch.setattr(key_ages, "SAVE_INTERVAL_S", CONFIRM_S / 4)
    monkeypatch.setattr(key_ages, "write_whole", lambda path, data, mode: path.write_bytes(data))


class Sealing:
    """A station's keys on a machine: each look at the clock may seal something, and forgets what is old."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.machine = folder, Machine()
        self.sealer = Sealer(folder)

    def run(self, seconds: float, error: timedelta = timedelta(), *, trusted: bool = True) -> None:
        while seconds > 0:
            step = min(seconds, MAX_STEP_S)
            seconds -= step
            self.machine.advance(step)
            self.sealer.look(self.machine.now(error, trusted=trusted))
        self.sealer.forget_old(self.machine.now(error, trusted=trusted), KEEP)

    def seal(self, error: timedelta = timedelta(), *, trusted: bool = True) -> bytes:
        return self.sealer.seal(PERSONAL, self.machine.now(error, trusted=trusted))

    def restart(self, off: timedelta = timedelta()) -> None:
        if off:
            self.machine.off(off)
        self.sealer = Sealer(self.folder)

    def known(self, sealed: bytes) -> bool:
        return self.sealer.unseal(sealed) == PERSONAL


def test_one_start_years_ahead_forgets_nothing(tmp_path: Path) -> None:
    clock = HandClock()
    rig = LaneRig(tmp_path, clock=clock)
    rig.scan(a_pass(plate="豫G54321"))
    clock.wall_offset = YEARS.total_seconds()
    lists = Lists(Shelf(tmp_path / "lists", "pingyuan", "s"), TRUST, None, clock.now)
    report = UplinkReport("off", "", "", 0)
    house = Housekeeping(
        "s", "s", "Asia/Shanghai", KEEP, rig.ledger, clock, Feed(), lambda: report, lists, lambda: Power.GOOD
    )
    house.step()
    assert [row["plate"] for row in audit.records(tmp_path, personal=True)] == ["豫G54321"]


def test_with_a_right_clock_it_is_forgotten_on_its_day(tmp_path: Path) -> None:
    station = Sealing(tmp_path)
    station.run(2 * CONFIRM_S)
    sealed = station.seal()
    for _ in range(KEEP):
        station.run(CONFIRM_S)
    assert station.known(sealed)
    station.run(CONFIRM_S)
    assert not station.known(sealed)


def test_what_is_sealed_on_the_first_day_is_forgotten_too(tmp_path: Path) -> None:
    station = Sealing(tmp_path)
    sealed = [station.seal(), station.seal(-YEARS / 4), station.seal(YEARS), station.seal(trusted=False)]
    for _ in range(KEEP + 4):
        station.run(CONFIRM_S)
    assert not any(map(station.known, sealed))


def test_after_months_in_a_store_room_it_forgets_again_after_two_days(tmp_path: Path) -> None:
    station = Sealing(tmp_path)
    station.run(2 * CONFIRM_S)
    sealed = station.seal()
    station.run(HOUR)
    station.restart(timedelta(days=90))
    station.run(HOUR)
    assert station.known(sealed)
    fresh = station.seal()
    station.run(2 * CONFIRM_S)
    assert (station.known(sealed), station.known(fresh)) == (False, True)


def test_what_is_sealed_while_the_clock_is_behind_is_kept_as_long_as_anything_else(tmp_path: Path) -> None:
    station = Sealing(tmp_path)
    station.run(2 * CONFIRM_S)
    station.seal()
    station.run(20 * CONFIRM_S)
    sealed = station.seal(timedelta(days=-20))
    station.run(HOUR, timedelta(days=-20))
    for _ in range(15):
        station.run(CONFIRM_S)
    assert station.known(sealed)


def test_keys_of_an_older_version_are_as_old_as_their_names_say(tmp_path: Path) -> None:
    station = Sealing(tmp_path)
    sealed = station.seal()
    (tmp_path / FILE_NAME).unlink(missing_ok=True)
    station.restart(timedelta(days=KEEP + 5))
    station.run(HOUR)
    station.restart()
    assert station.known(sealed)
    station.run(2 * CONFIRM_S)
    assert not station.known(sealed)


def test_a_damaged_file_of_ages_forgets_nothing_early(tmp_path: Path) -> None:
    station = Sealing(tmp_path)
    station.run(2 * CONFIRM_S)
    sealed = station.seal()
    for damage in (b"", b"{", b"[]", b"[" * 50_000, b'{"retention": {}, "days": 3, "upgrade": 0}', b"\xff\xfe"):
        (tmp_path / FILE_NAME).write_bytes(damage)
        station.restart()
        station.run(HOUR)
        assert station.known(sealed)


stretches = st.lists(
    st.tuples(st.floats(HOUR, 0.9 * CONFIRM_S), errors, st.booleans(), st.timedeltas(timedelta(0), timedelta(days=20))),
    max_size=6,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stretches)
@example([(0.9 * CONFIRM_S, YEARS, True, timedelta(0))] * 4)
@example([(0.9 * CONFIRM_S, -YEARS / 4, True, timedelta(days=10))] * 4)
@example([(65_700.0, timedelta(days=8), True, timedelta(days=off)) for off in (20, 0)])
def test_no_sequence_of_wrong_clocks_forgets_what_a_right_clock_would_keep(
    wrong: list[tuple[float, timedelta, bool, timedelta]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        station = Sealing(Path(folder))
        sealed = [(station.machine.true, station.seal())]
        station.run(1.5 * CONFIRM_S)
        for seconds, error, trusted, off in wrong:
            station.restart(off)
            sealed.append((station.machine.true, station.seal(error, trusted=trusted)))
            station.run(seconds, error, trusted=trusted)
            station.run(HOUR)
            sealed.append((station.machine.true, station.seal()))
            young = [one for at, one in sealed if station.machine.true - at <= timedelta(days=KEEP)]
            assert all(map(station.known, young))
