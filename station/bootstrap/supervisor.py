"""The socket on which the supervisors' view asks a station, wired from its configuration."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from station import config as cfg
from station.bootstrap.duty import Duty
from station.devices import Clock
from station.domain.condition import PartView
from station.duty.hand_overs import hand_overs_of
from station.feed import Feed
from station.ledger import Ledger
from station.ledger.hours import hours_of_day
from station.runtime import Workers
from station.supervisor.request_handler import RequestHandler
from station.supervisor.socket_server import SocketServer


def supervisor_socket(
    config: cfg.StationConfig,
    ledger: Ledger,
    duty: Duty,
    feed: Feed,
    clock: Clock,
    parts: Callable[[], Sequence[PartView]],
    workers: Workers,
) -> SocketServer | None:
    """None where there is no view over the network."""
    if not config.supervisor.listen:
        return None
    zone, lanes = ZoneInfo(config.station.timezone), tuple(lane.id for lane in config.lanes)

    def today() -> date:
        return clock.now().utc.astimezone(zone).date()

    handler = RequestHandler(
        topics=lambda: feed.changes(0, 0.0)[1],
        supervisors=duty.supervision.fingerprints,
        on_duty=lambda: duty.shifts.on_duty,
        teams=lambda: duty.shifts.teams,
        hand_overs=lambda: hand_overs_of(duty.events, today(), zone),
        incidents=duty.incidents.listed,
        hours=lambda: hours_of_day(ledger, lanes, today(), zone),
        parts=parts,
        sign_in=duty.supervision.sign_in,
        sign_out=duty.supervision.sign_out,
    )
    return SocketServer(Path(config.supervisor.socket), handler, workers.wait)
