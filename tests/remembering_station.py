"""A station that remembers what the kiosk told it, with a real feed."""

from zoneinfo import ZoneInfo

from made import NOON
from scripted_duty import ScriptedIncidents, ScriptedInspections, ScriptedOrders, ScriptedRounds, ScriptedShifts
from scripted_hand import ScriptedHand

from station.domain.commands import Command, Refusal, Refused
from station.domain.rounds import HourCounts
from station.domain.view import StationView
from station.feed import Feed
from web_ui.kiosk import KioskServices

PICTURE = b"\xff\xd8 a picture"
STATION = StationView(
    station="g107-bridge-north",
    name="107国道黄河桥北岸",
    timezone="Asia/Shanghai",
    at="2026-03-02T04:00:00+00:00",
    clock_trusted=True,
    uplink="off",
    uplink_since="",
    uplink_fault="",
    unacknowledged=0,
    ledger_fault="",
    disk_free_mb=12000,
)


class RememberingStation:
    """``now`` is moved by hand."""

    def __init__(self) -> None:
        self.now = NOON
        self.feed = Feed()
        self.orders, self.incidents = ScriptedOrders(self.feed), ScriptedIncidents(self.feed)
        self.inspections = ScriptedInspections()
        self.shifts, self.rounds = ScriptedShifts(self.feed), ScriptedRounds()
        self.hours: list[HourCounts] = []
        self.by_hand = ScriptedHand()
        self.commands: list[tuple[str, Command]] = []
        self.refusal: Refusal | None = None
        self.jpeg: bytes | None = PICTURE
        self.healthy = True
        self.names: dict[tuple[str, int], str] = {}
        self.feed.publish("station", {"name": "桥"})
        self.feed.publish("lane/1", {"lane": "1", "passage": None})

    def command(self, lane: str, command: Command) -> dict[str, int]:
        self.commands.append((lane, command))
        if self.refusal:
            raise Refused(self.refusal)
        return {"id": 1, "row": 2}

    def services(self) -> KioskServices:
        return KioskServices(
            lanes=("1", "2"),
            changes=self.feed.changes,
            closed=lambda: self.feed.closed,
            picture=lambda lane: self.jpeg,
            command=self.command,
            incidents=self.incidents,
            inspections=self.inspections,
            orders=self.orders,
            shifts=self.shifts,
            rounds=self.rounds,
            hours=lambda: self.hours,
            by_hand=self.by_hand,
            zone=ZoneInfo("Asia/Shanghai"),
            now=lambda: self.now,
            name=lambda lane, passage: self.names.get((lane, passage), ""),
            health=lambda: (self.healthy, {"camera": "ok" if self.healthy else "lost"}),
            metrics=lambda: ("text/plain; version=0.0.4", b"up 1\n"),
        )
