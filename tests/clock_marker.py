"""The marker ``clock`` cannot go stale: a test that reads the machine's clock, or starts a process that does, and does
not bear it, fails. ``scripts/test-at`` runs what bears it at other moments."""

import sys
from collections.abc import Generator, Iterator
from datetime import datetime, tzinfo
from pathlib import Path

import pytest

import station.clock

MARKER = "clock"
_UNMARKED = """\
this test reads the machine's clock, or starts a process that does: hand it a fixed `now`, or mark its file with
`pytestmark = pytest.mark.clock`, so that scripts/test-at runs it at other hours and on other days"""


class _Readings:
    """Counts, and reads for ``station.clock`` as before."""

    def __init__(self) -> None:
        self.made = self.ticked = self.before_this_test = 0

    @property
    def all(self) -> int:
        return self.made + self.ticked

    def now(self, zone: tzinfo) -> datetime:
        self.made += 1
        return datetime.now(zone)

    def audit(self, event: str, details: tuple[object, ...]) -> None:
        if event == "subprocess.Popen" and _is_station(details[1]):
            self.made += 1


def _is_station(command: object) -> bool:
    """Whether a command runs the product."""
    words = [Path(str(word)).name for word in command] if isinstance(command, list | tuple) else []
    return "station" in words[:3] or any(word.startswith(("station_", "screen_station")) for word in words[:2])


_readings = _Readings()


def pytest_configure() -> None:
    """From now on whoever asks ``station.clock`` is counted."""
    station.clock.datetime = _readings  # type: ignore[assignment, misc]
    sys.addaudithook(_readings.audit)


def reads_clock() -> None:
    """Said by a test's own clock that goes on by itself: pages over it are worth a look at every hour."""
    _readings.ticked += 1


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A file's own moments are fixed ones."""
    before = _readings.made
    report = yield
    if _readings.made > before and report.passed:
        report.outcome, report.longrepr = "failed", f"{collector.nodeid} reads the machine's clock while it is imported"
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before the fixtures of its file and class."""
    _readings.before_this_test = _readings.all


@pytest.fixture(autouse=True)
def _marked_if_it_reads_the_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if _readings.all > _readings.before_this_test and request.node.get_closest_marker(MARKER) is None:
        pytest.fail(_UNMARKED)
