"""The supervisors' pages over what their process knows of the station. Not in ``screens``, which imports all parts of
station and hub: the view's process is small, and has nothing of the lanes in it."""

from dataclasses import asdict
from zoneinfo import ZoneInfo

from station.clock import utc_now
from station.commands import WebServer
from station.config import StationConfig
from station.supervisor.view import SupervisorView
from web_ui.certificate_names import certificate_names
from web_ui.reach import Reach, names_of
from web_ui.server import serve
from web_ui.server_limits import short_limits
from web_ui.supervisor import SupervisorServices, create_app
from web_ui.supervisor.events import MOST_STREAMS

THREADS = 6
"""For requests; few, so that whoever is on the network leaves the lanes their time."""


def supervisor(view: SupervisorView, config: StationConfig) -> WebServer:
    """:raises OSError: the certificate or its key cannot be used."""
    section = config.supervisor
    services = SupervisorServices(
        name=config.station.name,
        lanes=tuple(lane.id for lane in config.lanes),
        changes=view.feed.changes,
        closed=lambda: view.feed.closed,
        door=view.sessions,
        duty=view.duty,
        incidents=view.incidents,
        hours=view.hours,
        zone=ZoneInfo(config.station.timezone),
        now=utc_now,
        parts=lambda: [asdict(part) for part in view.parts()],
    )
    names = names_of(section.listen, *section.hosts, *certificate_names(section.cert))
    reached = Reach(names, tls=True, hsts_days=section.hsts_days, setting="supervisor.hosts in station.toml")
    app = create_app(services, config.kiosk.language, reached)
    return serve(app, section.listen, THREADS, (section.cert, section.key), short_limits(app, MOST_STREAMS))
