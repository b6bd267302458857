"""The four applications over real parts, each with what it takes to be somebody there, for the fuzzing of routes."""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from duty_rig import DutyRig
from flask.testing import FlaskClient
from hub_messages import live, state
from hub_visitors import PASSWORD, add_account
from lanes import LaneRig
from made import NOON
from remembering_station import STATION, RememberingStation
from scripted_door import NUMBER, PIN, ScriptedDoor, supervisor_services
from scripted_driver import BUS, ROAD, ZONE, Desk
from scripted_hub import District

from station.domain.accounts import Role
from station.domain.commands import Command
from station.domain.passage import LaneCounts
from station.domain.view import CameraView, LaneView
from station.duty.rounds import Rounds
from station.duty.writing import EventWriter
from web_ui import district, driver, kiosk, supervisor
from web_ui.driver import Limits, Rates
from web_ui.reach import Reach

_MANY = Limits(Rates(10**5, 10**5, 10**5))
_NAME = "fuzzer"


@dataclass
class Visited:
    """``enter`` makes a browser that is signed on where one can be. ``words`` are what the application knows by name:
    lanes, levels, stations, boards."""

    stranger: Callable[[], FlaskClient]
    enter: Callable[[], FlaskClient]
    words: tuple[str, ...]


class _Station(RememberingStation):
    """With a real lane, real duties and a real ledger behind its services."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._rig = rig = LaneRig(folder / "lane")
        duty = DutyRig(folder / "duty")
        self.feed.publish("station", asdict(STATION))
        for lane in ("1", "2"):
            view = LaneView(lane, "", "vehicle", "in", "attended", CameraView("ok"), None, None, 0, LaneCounts(), 1)
            self.feed.publish(f"lane/{lane}", asdict(view))
        self.incidents, self.inspections, self.orders = duty.incidents, duty.inspections, duty.orders
        self.rounds = Rounds(EventWriter(duty.ledger, rig.clock), duty.events, timedelta(hours=2), ZONE, self.feed)

    def command(self, lane: str, command: Command) -> dict[str, Any]:
        self._rig.clock.seconds += 1
        return asdict(self._rig.lane._carried_out(command))


@contextmanager
def visited(name: str) -> Iterator[Visited]:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        with ExitStack() as open_parts:
            yield _MADE[name](folder, open_parts)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _kiosk(folder: Path, _: ExitStack) -> Visited:
    app = kiosk.create_app(_Station(folder).services())
    return Visited(app.test_client, app.test_client, ("1", "2", "d1"))


def _supervisor(folder: Path, _: ExitStack) -> Visited:
    station = _Station(folder)
    app = supervisor.create_app(supervisor_services(station, ScriptedDoor()), "zh", Reach())

    def over_tls() -> FlaskClient:
        client = app.test_client()
        client.environ_base["wsgi.url_scheme"] = "https"
        return client

    def enter() -> FlaskClient:
        client = over_tls()
        form = {"token": token_of(client, "/sign-in"), "number": NUMBER, "pin": PIN}
        assert client.post("/sign-in", data=form, base_url="https://localhost").status_code in (303, 429)
        return client

    return Visited(over_tls, enter, ("1", "2"))


def _district(folder: Path, open_parts: ExitStack) -> Visited:
    hub = District(folder, lambda: NOON, anonymous_read=False)
    open_parts.callback(hub.close)
    hub.say(state(name="桥" * 64, levels=("pingyuan", "qiaobei")), "north")
    hub.say(live(1, lane_1=3), "north")
    add_account(hub, _NAME, Role.ADMINISTRATOR)
    app = district.create_app(hub.services, "en")

    def enter() -> FlaskClient:
        client = app.test_client()
        form = {"token": token_of(client, "/login"), "name": _NAME, "password": PASSWORD}
        assert client.post("/login", data=form).status_code in (303, 429, 403)
        return client

    return Visited(app.test_client, enter, ("pingyuan", "pingyuan/qiaobei", "north", "1"))


def _driver(folder: Path, open_parts: ExitStack) -> Visited:
    desk = Desk(folder)
    open_parts.callback(desk.close)
    app = driver.create_app(desk.services, _MANY)
    return Visited(app.test_client, app.test_client, (ROAD.number, BUS.number, "410100", "豫"))


_MADE: dict[str, Callable[[Path, ExitStack], Visited]] = {
    "kiosk": _kiosk,
    "supervisor": _supervisor,
    "district": _district,
    "driver": _driver,
}
APPLICATIONS = tuple(_MADE)


def token_of(client: FlaskClient, path: str) -> str:
    """What a form of this page sends along; empty where there is no form."""
    secure = client.environ_base.get("wsgi.url_scheme") == "https"
    found = re.search(r'name="token" value="([^"]+)"', client.get(path, base_url=_base(secure)).text)
    return found[1] if found else ""


def _base(secure: bool) -> str:
    return "https://localhost" if secure else "http://localhost"
