"""The station of ``screen``: a real one with its kiosk, the gates on mock pins, that notes when which part of the way
was gone.

``screen_station.py CONFIG``: says where the kiosk listens, begins with the first line of stdin, ends with stdin, and
then says as one JSON object what it noted: ``began``, by lane, and ``marks`` of (what, lane, code or plate, seconds).
"""

import bisect
import itertools
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gpiozero import Device
from gpiozero.pins.mock import MockFactory

from station.bootstrap import Station
from station.config import load_station
from station.domain.commands import Command, Decide
from station.domain.passage import Entry, EntryType, Row
from station.domain.scan import Frame, Scan
from station.screens import kiosk

Mark = tuple[str, str, str, float]


def before(owner: Any, name: str, look: Callable[..., None]) -> None:
    """Have ``look`` see what a method is called with, just before it is."""
    plain = getattr(owner, name)

    def called(*given: Any, **named: Any) -> Any:
        look(*given)
        return plain(*given, **named)

    setattr(owner, name, called)


def after(owner: Any, name: str, look: Callable[[Any], None]) -> None:
    """Have ``look`` see what a method answers, just after."""
    plain = getattr(owner, name)

    def called(*given: Any, **named: Any) -> Any:
        answer = plain(*given, **named)
        look(answer)
        return answer

    setattr(owner, name, called)


class Notes:
    """What the parts of the way were seen to do. Only the first of its sort is kept."""

    def __init__(self, station: Station) -> None:
        self.first: dict[tuple[str, str, str], float] = {}
        self.began: dict[str, float] = {}
        self._frames: dict[tuple[str, int], tuple[float, float, float]] = {}
        self._positions: dict[tuple[str, str], float] = {}
        self._plates: dict[int, str] = {}
        after(station.ledger, "append", self._written)
        before(station.feed, "publish", self._published)
        before(station.desk, "command", self._asked)
        for lane, parts in station.lanes.items():
            after(parts.frames, "take", lambda frame, lane=lane: self._taken(lane, frame))
            before(parts.lane.inbox, "put", lambda told, *_, lane=lane: self._told(lane, told))
        pins = {lane.id: Device.pin_factory.pin(lane.gate.barrier) for lane in station.config.lanes}
        self._pins, self._pins_since = pins, time.monotonic()
        for pin in pins.values():
            pin.clear_states()

    def marks(self) -> list[Mark]:
        marks = [(*key, at) for key, at in self.first.items()]
        marks += [("due", lane, text, self.began[lane] + place) for (lane, text), place in self._positions.items()]
        rises = {lane: rises_of(pin.states, self._pins_since) for lane, pin in self._pins.items()}
        for what, lane, plate, at in list(marks):
            place = bisect.bisect(rises[lane], at)
            if what == "amended" and place < len(rises[lane]):
                marks.append(("risen", lane, plate, rises[lane][place]))
        return marks

    def _note(self, what: str, lane: str, of: str, at: float | None = None) -> None:
        self.first.setdefault((what, lane, of), time.monotonic() if at is None else at)

    def _taken(self, lane: str, frame: Frame | None) -> None:
        if frame is not None:
            self._frames[lane, frame.number] = frame.captured, time.monotonic(), frame.time
            self.began[lane] = min(self.began.get(lane, float("inf")), frame.captured - frame.time)

    def _told(self, lane: str, told: object) -> None:
        if isinstance(told, Scan) and ("scanned", lane, told.code.text) not in self.first:
            self._note("scanned", lane, told.code.text)
            captured, taken, position = self._frames[lane, told.frame]
            self._note("captured", lane, told.code.text, captured)
            self._note("taken", lane, told.code.text, taken)
            self._positions[lane, told.code.text] = position

    def _written(self, row: Row) -> None:
        entry: Entry = row.entry
        self._plates[row.passage] = entry.personal.plate
        match entry.type:
            case EntryType.PASSAGE:
                self._note("written", entry.key.lane, entry.personal.plate)
            case EntryType.AMENDMENT:
                self._note("amended", entry.key.lane, entry.personal.plate)

    def _published(self, topic: str, view: Mapping[str, Any]) -> None:
        passage = view.get("passage") if topic.startswith("lane/") else None
        if passage and not passage["by_operator"]:
            self._note("published", view["lane"], passage["plate"])

    def _asked(self, lane: str, command: Command) -> None:
        if isinstance(command, Decide):
            self._note("asked", lane, self._plates[command.passage])


def rises_of(states: list[Any], since: float) -> list[float]:
    """When a mock pin rose: it keeps each state with the seconds since the one before."""
    times = itertools.accumulate((state.timestamp for state in states), initial=since)
    next(times)
    return [at for at, state in zip(times, states, strict=True) if state.state]


def main(config: str) -> None:
    Device.pin_factory = MockFactory()
    station = Station(load_station(Path(config)))
    notes, server = Notes(station), kiosk(station)
    server.start()
    print(server.address, flush=True)
    sys.stdin.readline()
    station.start()
    sys.stdin.read()
    server.stop()
    station.close()
    print(json.dumps({"began": notes.began, "marks": notes.marks()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
