"""What the view's process knows of the station, over a real socket: fresh, unavailable, and back."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from stub_station import FINGERPRINT, HOUR, NUMBER, PIN, SUPERVISOR, StubStation

from station.domain.supervision import StationUnavailable
from station.supervisor.view import SupervisorView


@pytest.fixture
def station(tmp_path: Path) -> Iterator[StubStation]:
    stub = StubStation(tmp_path / "view.sock")
    stub.start()
    yield stub
    stub.stop()


@pytest.fixture
def view(station: StubStation) -> SupervisorView:
    return SupervisorView(station.client, timedelta(minutes=30), timedelta(hours=12))


def topics(view: SupervisorView, after: int = 0) -> dict[str, object]:
    return dict(view.feed.changes(after, 0.0)[1])


def test_what_changes_at_the_station_changes_in_the_feed_of_all_who_look(
    station: StubStation, view: SupervisorView
) -> None:
    view.step()
    revision, found = view.feed.changes(0, 0.0)
    assert found == {"rounds": station.topics["rounds"], "availability": {"available": True}}
    view.step()
    assert topics(view, revision) == {}
    station.topics["rounds"] = {"due_at": "later"}
    view.step()
    assert topics(view, revision) == {"rounds": {"due_at": "later"}}


def test_what_the_kiosk_alone_is_told_never_leaves_the_stations_process(
    station: StubStation, view: SupervisorView
) -> None:
    station.topics["orders"] = {"orders": [{"zh": "停"}]}
    station.topics["duty"] = {"on": [], "lanes": {}, "teams": [], "notice": {"number": "0108"}}
    view.step()
    assert topics(view)["duty"] == {"on": [], "lanes": {}, "teams": []}
    assert "orders" not in topics(view)


def test_a_station_that_goes_away_is_told_and_its_return_too(station: StubStation, view: SupervisorView) -> None:
    view.step()
    assert view.hours() == (HOUR,)
    station.stop()
    view.step()
    assert topics(view)["availability"] == {"available": False}
    assert topics(view)["rounds"] == station.topics["rounds"]
    for ask in (view.duty, view.incidents, view.hours, view.parts):
        with pytest.raises(StationUnavailable):
            ask()
    station.start()
    view.step()
    assert topics(view)["availability"] == {"available": True}
    assert view.hours() == (HOUR,)


def test_a_session_outlives_the_stations_restart(station: StubStation, view: SupervisorView) -> None:
    view.step()
    secret = view.sessions.sign_in(NUMBER, PIN, "192.0.2.7")
    station.stop()
    view.step()
    assert view.sessions.look(secret) == SUPERVISOR
    station.start()
    view.step()
    assert view.sessions.look(secret) == SUPERVISOR


def test_a_session_ends_with_its_entry_in_the_roster(station: StubStation, view: SupervisorView) -> None:
    view.step()
    secret = view.sessions.sign_in(NUMBER, PIN, "192.0.2.7")
    view.step()
    assert view.sessions.look(secret) == SUPERVISOR
    station.supervisors = [FINGERPRINT[1:] + "0"]
    view.step()
    assert view.sessions.look(secret) is None


def test_nothing_of_the_lanes_is_in_the_views_process() -> None:
    """Neither cameras nor pins nor ledger nor broker: what breaks into it finds none of them, and it is small."""
    program = (
        "import sys, station.supervisor_screen, station.commands.supervisor; "
        "print(*sorted(name for name in sys.modules if name.count('.') < 2))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    ours = {name for name in loaded if name.startswith("station.")}
    assert ours == {
        *("station.clock", "station.commands", "station.config", "station.domain", "station.feed", "station.runtime"),
        *("station.supervisor", "station.supervisor_screen"),
    }
    assert not {"cv2", "zxingcpp", "gpiozero", "paho", "sqlite3"} & set(loaded)
