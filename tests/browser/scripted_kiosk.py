"""A station that does what a test says: the services of the kiosk with real views, a real feed and no devices."""

import threading
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import cv2
import numpy as np
from scripted_duty import ScriptedIncidents, ScriptedInspections, ScriptedOrders, ScriptedRounds, ScriptedShifts
from scripted_hand import ScriptedHand
from ticking_clock import ticking_now

from station.domain.commands import (
    Command,
    Refusal,
    Refused,
    Register,
    SetAside,
    TakeUp,
    TickMust,
    Undo,
    UntickMust,
)
from station.domain.passage import LaneCounts
from station.domain.rounds import HourCounts
from station.domain.view import CameraView, CodeView, LaneView, PassageView, StationView
from station.feed import Feed
from web_ui.kiosk import KioskServices

MET = {
    "identity": "attested",
    "itinerary": "declared",
    "test": "attested",
    "temperature": "sensor",
    "disinfection": "operator",
}


def at(seconds: float = 0) -> str:
    return (ticking_now() + timedelta(seconds=seconds)).isoformat()


def clear_passage(number: int = 7, **changes: Any) -> PassageView:
    """A genuine declaration on an attended lane with nothing against it: one tap is missing."""
    passage = PassageView(
        id=number,
        row=number,
        at=at(),
        outcome="held",
        proposed="granted",
        reasons=("awaiting_operator",),
        pass_kind="declaration",
        label="王**",
        plate="豫A12345",
        traffic="car",
        party=3,
        origin="411400",
        valid_until=at(3 * 3600),
        musts=MET,
        temperature=36.6,
    )
    return replace(passage, **changes)


def lane_view(lane: str, **changes: Any) -> LaneView:
    view = LaneView(
        lane=lane,
        name=f"{lane}号车道",
        kind="vehicle",
        direction="in",
        mode="attended",
        camera=CameraView(state="ok", age_ms=60, fps=15.0, width=1280, height=720),
        passage=None,
        code=None,
        waiting=0,
        counts=LaneCounts(granted=128, held=6, denied=3, vehicles=131, persons=402),
        scans=140,
    )
    return replace(view, **changes)


class ScriptedKiosk:
    def __init__(self, lanes: int = 2) -> None:
        self.feed = Feed()
        self.orders, self.incidents = ScriptedOrders(self.feed), ScriptedIncidents(self.feed)
        self.inspections = ScriptedInspections()
        self.shifts, self.rounds = ScriptedShifts(self.feed), ScriptedRounds()
        self.hours: list[HourCounts] = []
        self.by_hand = ScriptedHand()
        self.lanes = {str(n): lane_view(str(n)) for n in range(1, lanes + 1)}
        self.station = StationView(
            station="g107-bridge-north",
            name="107国道黄河桥北岸",
            timezone="Asia/Shanghai",
            at=at(),
            clock_trusted=True,
            uplink="connected",
            uplink_since=at(-190),
            uplink_fault="",
            unacknowledged=0,
            ledger_fault="",
            disk_free_mb=12000,
        )
        self.commands: list[tuple[str, Command]] = []
        self.refusal: Refusal | None = None
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.aims: dict[str, dict[str, Any] | None] = {}
        self.aimed = 0
        self.names = ""
        self.cut = False  # every stream ends
        self._row = 1000
        self.show_station()
        for lane in self.lanes:
            self.show(lane)

    def show(self, lane: str, **changes: Any) -> None:
        self.lanes[lane] = replace(self.lanes[lane], **changes)
        self.feed.publish(f"lane/{lane}", asdict(self.lanes[lane]))

    def show_station(self, **changes: Any) -> None:
        self.station = replace(self.station, at=at(), **changes)
        self.feed.publish("station", asdict(self.station))

    def see_code(self, lane: str, frame: int = 1) -> None:
        self.show(lane, code=CodeView(((560, 250), (730, 270), (715, 440), (545, 420)), frame))

    def services(self) -> KioskServices:
        return KioskServices(
            lanes=tuple(self.lanes),
            changes=self.feed.changes,
            closed=lambda: self.cut or self.feed.closed,
            picture=self.picture,
            aim=self.aim,
            name=self.name,
            incidents=self.incidents,
            inspections=self.inspections,
            orders=self.orders,
            shifts=self.shifts,
            rounds=self.rounds,
            hours=lambda: self.hours,
            by_hand=self.by_hand,
            zone=ZoneInfo("Asia/Shanghai"),
            now=ticking_now,
            command=self.command,
            health=lambda: (True, {"status": "ok"}),
            metrics=lambda: ("text/plain; version=0.0.4", b"up 1\n"),
            fever_from=37.3,
        )

    def command(self, lane: str, command: Command) -> dict[str, Any]:
        self.commands.append((lane, command))
        assert self.may_answer.wait(10)
        if self.refusal is not None:
            raise Refused(self.refusal)
        self._row += 1
        passage = self._after(lane, command)
        self.show(lane, passage=None if isinstance(command, SetAside) else passage)
        return asdict(passage)

    def _after(self, lane: str, command: Command) -> PassageView:
        known = self._known(lane, command)
        match command:
            case Undo():
                return replace(known, row=self._row, outcome="held", by_operator=False, undo_until="")
            case TickMust(must=must):
                return replace(known, row=self._row, musts={**known.musts, must.value: "operator"})
            case UntickMust(must=must):
                return replace(known, row=self._row, musts={m: s for m, s in known.musts.items() if m != must})
            case SetAside() | TakeUp():
                return replace(known, row=self._row)
        done = {"outcome": command.outcome.value, "proposed": command.outcome.value, "by_operator": True}
        reasons = tuple(r for r in known.reasons if r != "awaiting_operator")
        return replace(known, row=self._row, reasons=(*reasons, "by_operator"), undo_until=at(30), **done)

    def _known(self, lane: str, command: Command) -> PassageView:
        if isinstance(command, Register):
            outcome = command.outcome.value
            return PassageView(self._row, self._row, at(), outcome, outcome, ("without_code",), traffic="car")
        shown = [self.lanes[lane].passage, *(one.passage for one in self.by_hand.standing)]
        return next(passage for passage in shown if passage is not None and passage.id == command.passage)

    def aim(self, lane: str) -> dict[str, Any] | None:
        self.aimed += 1
        return self.aims.get(lane)

    def name(self, lane: str, passage: int) -> str:
        known = self.lanes[lane].passage
        return self.names if known is not None and known.id == passage else ""

    def picture(self, lane: str) -> bytes | None:
        return _scene(int(lane))


def _scene(lane: int) -> bytes:
    """A road, a windscreen and a printed code: enough for an eye to judge the screen by."""
    rows = np.linspace(0, 1, 270, dtype=np.float32)[:, None, None]
    top, bottom = np.array((205, 190, 170), np.float32), np.array((120, 118, 112), np.float32)
    image = np.repeat(top * (1 - rows) + bottom * rows, 480, axis=1).astype(np.uint8)
    tint = ((60, 70, 90), (110, 60, 40), (50, 90, 60), (90, 80, 30))[(lane - 1) % 4]
    cv2.rectangle(image, (90, 60), (390, 240), tint, -1)
    cv2.fillPoly(image, [np.array(((120, 130), (150, 76), (330, 76), (360, 130)), np.int32)], (60, 50, 40))
    cv2.rectangle(image, (150, 200), (330, 228), (190, 120, 30), -1)
    code = np.random.default_rng(lane).integers(0, 2, (25, 25), dtype=np.uint8) * 255
    big = cv2.resize(code, (62, 62), interpolation=cv2.INTER_NEAREST)
    image[96:164, 206:274] = 255
    image[99:161, 209:271] = big[:, :, None]
    done, jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 80])
    assert done
    return jpeg.tobytes()
