"""What a shift does beside the lanes, wired from a station's configuration."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from station import config as cfg
from station.devices import Clock
from station.duty.incidents import Incidents, Photography
from station.duty.inspections import Inspections
from station.duty.orders import Orders, Post
from station.duty.roster_file import RosterFile
from station.duty.rota_file import RotaFile
from station.duty.rounds import Rounds
from station.duty.shifts import Plan, Shifts
from station.duty.supervision import Supervision
from station.duty.writing import EventWriter
from station.feed import Feed
from station.ledger import Events, Ledger, LedgerUnwritable
from station.ledger.shift_figures import shift_figures
from station.lists import Lists


@dataclass(frozen=True, slots=True)
class Duty:
    """``reports_unmatched``: a crossing that nobody had decided on opens an incident by itself."""

    events: Events
    incidents: Incidents
    inspections: Inspections
    orders: Orders
    shifts: Shifts
    rounds: Rounds
    roster: RosterFile
    rota: RotaFile
    supervision: Supervision
    reports_unmatched: bool

    def tend(self) -> None:
        """What housekeeping does for it. What the disk does not take is tried again in the next round."""
        try:
            self.orders.tend()
            if self.reports_unmatched:
                self.incidents.watch()
        except LedgerUnwritable:
            return  # the ledger's fault is on the screen


def duty_of(
    config: cfg.StationConfig,
    ledger: Ledger,
    lists: Lists,
    clock: Clock,
    feed: Feed,
    photograph: Callable[[str], bytes | None],
) -> Duty:
    """:param photograph: a lane's picture of this moment; asked for only where the policy allows it."""
    station, events, writer = config.station, Events(ledger), EventWriter(ledger, clock)
    post = Post(station.district, station.id, station.levels)
    every = config.policy.disinfect_every_minutes
    lanes, roster = [lane.id for lane in config.lanes], RosterFile(Path(station.data_dir))
    rota, zone = RotaFile(Path(station.data_dir)), ZoneInfo(station.timezone)
    inspections = Inspections(writer, events)
    photography = Photography(photograph, ledger.photographs) if config.policy.incident_photos else None
    return Duty(
        events=events,
        incidents=Incidents(writer, events, lanes, feed, photography),
        inspections=inspections,
        orders=Orders(post, lists.trust, writer, events, feed),
        shifts=Shifts(
            writer,
            events,
            roster.members,
            lambda row: shift_figures(ledger, ledger.number(row), lanes),
            inspections.arrived,
            lanes,
            feed,
            Plan(rota.rota, zone),
            hand_over_pin=config.policy.hand_over_pin,
        ),
        rounds=Rounds(writer, events, timedelta(minutes=every) if every else None, zone, feed),
        roster=roster,
        rota=rota,
        supervision=Supervision(writer, roster.members),
        reports_unmatched=config.policy.incident_on_unmatched,
    )
