"""The whole way of a scan: read, observed, decided, written down, and only then shown and let through."""

import queue
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import assert_never

from station import passes, rules
from station.devices import Clock, DeviceError, Gate, Thermometer
from station.devices.gate.minded import MindedGate
from station.domain import entries, joining
from station.domain.commands import Command, Decide, Refusal, Refused, Undo
from station.domain.crossings import EmergencySwitched, Event, SensorLost, Sighting, Tick, decided
from station.domain.decision import Outcome
from station.domain.lists import ListHits
from station.domain.origin import OriginClasses
from station.domain.panel import PanelChange, PanelPart
from station.domain.passage import Entry, Row
from station.domain.passes import Pass, Presented
from station.domain.reasons import Reason
from station.domain.reconciliation import Limits
from station.domain.scan import Scan
from station.domain.situation import LaneKind, Mode, Policy, SensorState, Situation
from station.domain.view import CameraView, CodeView, LaneView, PassageView, passage_view
from station.domain.watch import Watch
from station.feed import Feed
from station.ledger import AmendsChangedPassage, Ledger, LedgerUnwritable
from station.passes import TrustList
from station.passes.shc_parts import Joiner
from station.runtime import INBOX_SIZE

UNDO_WITHIN = timedelta(seconds=30)
ANSWER_WITHIN = 3.0
IDLE = 0.25
RECALLED = 2000
"""Rows of the ledger that reconciliation goes on from after a restart: more than an hour of a busy station."""
PANEL = "panel"
"""The operator in the rows of the grant button."""


@dataclass(frozen=True, slots=True)
class LaneSettings:
    """``limits`` of reconciliation; None on a lane without a presence sensor."""

    lane: str
    name: str
    kind: LaneKind
    direction: str
    mode: Mode
    station: str
    levels: tuple[str, ...]
    grids: tuple[str, ...]
    policy: Policy
    origins: OriginClasses
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class Eyes:
    """What the lane's camera, scanner and sensors say of themselves, for the screen."""

    camera: Callable[[], CameraView]
    code: Callable[[], CodeView | None]
    scans: Callable[[], int]
    lost: Callable[[], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Asked:
    command: Command
    answer: "Future[PassageView]"


_Told = Scan | Sighting | SensorLost | PanelChange


class Lane:
    """One lane's decisions, taken one after the other on one thread."""

    def __init__(
        self,
        settings: LaneSettings,
        trust: Callable[[], TrustList],
        list_hits: ListHits,
        ledger: Ledger,
        gate: Gate,
        thermometer: Thermometer | None,
        clock: Clock,
        feed: Feed,
        eyes: Eyes,
    ) -> None:
        self._settings = settings
        self._trust = trust
        self._list_hits = list_hits
        self._ledger = ledger
        self._gate = MindedGate(gate)
        self._thermometer = thermometer
        self._clock = clock
        self._feed = feed
        self._eyes = eyes
        self._parts = Joiner()
        self._current = self._open = self._left_open()
        self._faults: dict[str, None] = {}
        self._watch = Watch(settings.lane, settings.kind, settings.limits, ledger.number)
        self._watch.recall(ledger.latest(settings.lane, RECALLED), clock.now())
        self.inbox: queue.Queue[_Told | _Asked] = queue.Queue(INBOX_SIZE)

    def step(self) -> None:
        """Take what comes next, or see to gate, beam and screen when nothing does."""
        try:
            item = self.inbox.get(timeout=IDLE)
        except queue.Empty:
            pass
        else:
            self._take(item)
        if self.inbox.empty():  # what waits there happened before now
            self._reconcile(Tick(self._clock.now().monotonic))
        self._gate.keep(self._watch.occupied)
        self.publish()

    def finish(self) -> None:
        """At the end, with the lane's thread gone: whatever was scanned is still written down."""
        while not self.inbox.empty():
            self._take(self.inbox.get_nowait())

    def _take(self, item: "_Told | _Asked") -> None:
        try:
            match item:
                case Scan():
                    self.pass_through(item)
                case Sighting() | SensorLost():
                    self._reconcile(item)
                case PanelChange():
                    self._touched(item)
                case _Asked(command, answer):
                    if answer.set_running_or_notify_cancel():
                        self._answer(command, answer)
        except LedgerUnwritable:  # not even in memory is room, as the screen has said for hours: nothing moves
            self._faults["ledger_unwritable"] = None

    # The way of a scan

    def pass_through(self, scan: Scan) -> Row:
        payload = self._parts.join(scan.code.payload, scan.at.monotonic)
        presented = passes.read(payload, scan.code.text, self._trust())
        code_id = self._code_id(presented, payload)
        situation = self._observe(presented, code_id)
        row = self._decided_and_written(presented, code_id, situation)
        if joining.can_take_in(row.entry):
            self._open = row
        return row

    def _decided_and_written(self, presented: Presented, code_id: str, situation: Situation) -> Row:
        """Housekeeping may correct the passage's minute between our looking and our writing: then we look again. It
        does so once for a passage, so this ends."""
        while True:
            before = self._passage_of(presented, situation)
            entry = self._decide_on(presented, code_id, situation, before)
            try:
                return self._write_then_move(entry)
            except AmendsChangedPassage:
                continue

    def _code_id(self, presented: Presented, payload: bytes) -> str:
        """What tells a code when it is shown again: our own pass's id; of any other a digest that names nobody."""
        match presented:
            case Pass(health=None):
                return presented.id
            case Pass():
                return self._ledger.sealer.digest(presented.id.encode())
            case _:
                return self._ledger.sealer.digest(payload)

    def _observe(self, presented: Presented | None = None, code_id: str = "") -> Situation:
        settings, now = self._settings, self._clock.now()
        thermometer, temperature = self._measure()
        return Situation(
            lane=settings.lane,
            lane_kind=settings.kind,
            mode=settings.mode,
            at=now,
            station=settings.station,
            levels=settings.levels,
            grids=settings.grids,
            temperature=temperature,
            thermometer=thermometer,
            recent_uses=self._ledger.uses(code_id, now, max(settings.policy.reuse_after, joining.SAME_PASSAGE_WITHIN)),
            list_hits=self._list_hits(presented) if isinstance(presented, Pass) else frozenset(),
            policy=settings.policy,
        )

    def _passage_of(self, presented: Presented, situation: Situation) -> Row | None:
        """The passage that a code belongs to, as it stands; None if it begins one.

        A code shown again before anybody let it through is the same vehicle, not a second one. A certificate belongs
        to the passage that is open here, and a pass to the one that its certificate began.
        """
        for use in situation.recent_uses:
            if use.lane == situation.lane and use.outcome is not Outcome.GRANTED:
                last = self._ledger.history(use.passage)[-1]
                if joining.is_recent(last, situation.at):
                    return last
        if self._open is None or not joining.takes_in(self._open.entry, presented):
            return None
        last = self._ledger.history(self._open.passage)[-1]
        return last if joining.is_open(last, situation.at) else None

    def _decide_on(self, presented: Presented, code_id: str, situation: Situation, before: Row | None) -> Entry:
        if before is not None:
            situation = replace(situation, beside=joining.beside_of(before.entry))
        if joining.rides_beside(presented):
            situation = replace(situation, beside=rules.count_in(presented, code_id, situation))
            if before is not None and joining.has_pass(before.entry):
                decision = rules.decide_again(before.entry, presented, situation)
                return entries.shown_beside(before, presented, situation, decision, code_id)
        decision = rules.decide(presented, situation)
        entry = entries.decided(presented, situation, decision, code_id, self._settings.origins)
        return entries.presented_again(before, entry) if before is not None else entry

    def _left_open(self) -> Row | None:
        """The passage that was open when the station stopped a moment ago."""
        last = self._ledger.last(self._settings.lane)
        return last if last is not None and joining.is_open(last, self._clock.now()) else None

    def _write_then_move(self, entry: Entry) -> Row:
        """The row is on disk before the gate moves. What cannot be written opens nothing unless a person says so."""
        row = self._write(entry, entry if Reason.BY_OPERATOR in entry.reasons else entries.held_for_the_disk(entry))
        self._gate.show(row.entry.key.outcome)
        self._current = row
        self._reconcile(decided(row.passage, row.entry, self._settings.kind, row.entry.at.monotonic))
        if row.entry.key.outcome is not Outcome.HELD:
            self._parts.forget()  # what was shown of a card belongs to a passage that is over
        return row

    def _write(self, entry: Entry, without_disk: Entry) -> Row:
        """:raises LedgerUnwritable: not even in memory is room."""
        try:
            row = self._ledger.append(entry)
        except LedgerUnwritable:
            self._faults["ledger_unwritable"] = None
            return self._ledger.keep(without_disk)
        self._faults.pop("ledger_unwritable", None)
        return row

    def _measure(self) -> tuple[SensorState, float | None]:
        if self._thermometer is None:
            return SensorState.NONE, None
        try:
            celsius = self._thermometer.read()
        except DeviceError:
            self._faults["thermometer_lost"] = None
            return SensorState.LOST, None
        self._faults.pop("thermometer_lost", None)
        return SensorState.OK, celsius

    # What crosses

    def _reconcile(self, event: Event) -> None:
        """What comes of it is written down. Where there is no room left, the screen says so already."""
        for entry in self._watch.happened(event, self._clock.now()):
            try:
                self._write(entry, entry)
            except LedgerUnwritable:
                self._faults["ledger_unwritable"] = None

    # The panel's way

    def _touched(self, change: PanelChange) -> None:
        match change.part:
            case PanelPart.GRANT:
                if change.on:
                    self._grant_by_button()
            case PanelPart.EMERGENCY:
                if change.on:
                    self._gate.throw()
                else:
                    self._gate.put_back()
                self._reconcile(EmergencySwitched(change.on, change.at))
            case PanelPart.DOOR:
                if change.on:
                    self._faults["door_open"] = None
                else:
                    self._faults.pop("door_open", None)
            case _:
                assert_never(change.part)

    def _grant_by_button(self) -> None:
        """What the screen holds is granted. Where it holds nothing, somebody is let in without a code."""
        held = self._current is not None and self._current.entry.key.outcome is Outcome.HELD
        passage = self._current.passage if self._current is not None and held else None
        try:
            self._decide(Decide(Outcome.GRANTED, passage, operator=PANEL))
        except AmendsChangedPassage:  # housekeeping corrected its minute meanwhile, which it does once
            self._decide(Decide(Outcome.GRANTED, passage, operator=PANEL))

    # The operator's way

    def ask(self, command: Command) -> PassageView:
        """Carry out an operator's command on the lane's own thread, from any thread.

        :raises Refused: nothing was written and nothing moved; ``why`` says why.
        """
        asked = _Asked(command, Future())
        try:
            self.inbox.put_nowait(asked)
        except queue.Full:
            raise Refused(Refusal.BUSY) from None
        try:
            return asked.answer.result(ANSWER_WITHIN)
        except TimeoutError:
            if asked.answer.cancel():
                raise Refused(Refusal.BUSY) from None
            return asked.answer.result()

    def _answer(self, command: Command, answer: "Future[PassageView]") -> None:
        try:
            row = self._decide(command) if isinstance(command, Decide) else self._undo(command)
        except AmendsChangedPassage:
            answer.set_exception(Refused(Refusal.CHANGED_MEANWHILE))
        except LedgerUnwritable:
            answer.set_exception(Refused(Refusal.BUSY))
        except Refused as refused:
            answer.set_exception(refused)
        else:
            self.publish()
            answer.set_result(passage_view(row, UNDO_WITHIN))

    def _decide(self, command: Decide) -> Row:
        if command.passage is None:
            row = self._write_then_move(entries.registered_by_hand(self._observe(), command.outcome, command.operator))
            self._watch.answered()
            return row
        before = self._history(command.passage, command.row)[-1]
        return self._write_then_move(
            entries.decided_by_operator(before, command.outcome, command.operator, self._clock.now())
        )

    def _undo(self, command: Undo) -> Row:
        history, now = self._history(command.passage, command.row), self._clock.now()
        decided = entries.operators_last(history)
        if decided is None:
            raise Refused(Refusal.NOTHING_TO_UNDO)
        at = history[decided].entry.at
        if now.boot != at.boot or now.monotonic - at.monotonic > UNDO_WITHIN.total_seconds():
            raise Refused(Refusal.TOO_LATE)
        return self._write_then_move(entries.undone(history, decided, command.operator, now))

    def _history(self, passage: int, row: int | None) -> list[Row]:
        """Every row of a passage of this lane, if the last one is the one the operator saw."""
        history = self._ledger.history(passage)
        if not history or history[-1].entry.key.lane != self._settings.lane:
            raise Refused(Refusal.NOT_FOUND)
        if row is not None and history[-1].seq != self._ledger.number(row):
            raise Refused(Refusal.CHANGED_MEANWHILE)
        return history

    # The screen

    def name(self, passage: int) -> str:
        """Who a certificate of the passage on the screen names, one a line; empty for any other passage."""
        current = self._current
        return current.entry.personal.name if current is not None and current.passage == passage else ""

    def _standing_faults(self) -> tuple[str, ...]:
        alarm = ("crossed_undecided",) if self._watch.alarms(self._clock.now()) else ()
        return (*alarm, *self._faults, *self._gate.faults, *self._eyes.lost())

    def publish(self) -> None:
        """Hand the lane's newest state to the screens."""
        settings = self._settings
        if self._current is not None and self._current.seq < 0:
            self._current = self._ledger.history(self._current.passage)[-1]  # it may be on disk by now
        current = self._current
        view = LaneView(
            lane=settings.lane,
            name=settings.name,
            kind=settings.kind,
            direction=settings.direction,
            mode=settings.mode,
            camera=self._eyes.camera(),
            passage=passage_view(current, UNDO_WITHIN) if current is not None else None,
            code=self._eyes.code(),
            waiting=self.inbox.qsize(),
            counts=self._ledger.counts(settings.lane, self._clock.now()),
            scans=self._eyes.scans(),
            faults=self._standing_faults(),
        )
        self._feed.publish(f"lane/{settings.lane}", asdict(view))
