"""The whole way of a scan: read, observed, decided, written down, and only then shown and let through."""

import queue
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from station import passes, rules
from station.devices import Clock, DeviceError, Gate, Thermometer
from station.domain import entries
from station.domain.commands import Command, Decide, Refusal, Refused, Undo
from station.domain.decision import Outcome
from station.domain.origin import OriginClasses
from station.domain.passage import Entry, Row
from station.domain.passes import Pass
from station.domain.reasons import Reason
from station.domain.scan import Scan
from station.domain.situation import LaneKind, Mode, Policy, SensorState, Situation
from station.domain.view import CameraView, CodeView, LaneView, PassageView, passage_view
from station.feed import Feed
from station.ledger import AmendsChangedPassage, Ledger, LedgerUnwritable
from station.passes import TrustList
from station.runtime import INBOX_SIZE

UNDO_WITHIN = timedelta(seconds=30)
SAME_PASSAGE_WITHIN = 60.0
ANSWER_WITHIN = 3.0
IDLE = 0.25


@dataclass(frozen=True, slots=True)
class LaneSettings:
    lane: str
    name: str
    kind: LaneKind
    direction: str
    mode: Mode
    station: str
    levels: tuple[str, ...]
    policy: Policy
    origins: OriginClasses


@dataclass(frozen=True, slots=True)
class Eyes:
    """What the lane's camera and scanner say of themselves, for the screen."""

    camera: Callable[[], CameraView]
    code: Callable[[], CodeView | None]
    scans: Callable[[], int]


@dataclass(frozen=True, slots=True)
class _Asked:
    command: Command
    answer: "Future[PassageView]"


class Lane:
    """One lane's decisions, taken one after the other on one thread."""

    def __init__(
        self,
        settings: LaneSettings,
        trust: TrustList,
        ledger: Ledger,
        gate: Gate,
        thermometer: Thermometer | None,
        clock: Clock,
        feed: Feed,
        eyes: Eyes,
    ) -> None:
        self._settings = settings
        self._trust = trust
        self._ledger = ledger
        self._gate = gate
        self._thermometer = thermometer
        self._clock = clock
        self._feed = feed
        self._eyes = eyes
        self._current: Row | None = None
        self._faults: dict[str, None] = {}
        self.inbox: queue.Queue[Scan | _Asked] = queue.Queue(INBOX_SIZE)

    def step(self) -> None:
        """Take the next scan or command, or refresh the screen when there is none."""
        try:
            item = self.inbox.get(timeout=IDLE)
        except queue.Empty:
            pass
        else:
            self._take(item)
        self.publish()

    def finish(self) -> None:
        """At the end, with the lane's thread gone: whatever was scanned is still written down."""
        while not self.inbox.empty():
            self._take(self.inbox.get_nowait())

    def _take(self, item: "Scan | _Asked") -> None:
        match item:
            case Scan():
                try:
                    self.pass_through(item)
                except (
                    LedgerUnwritable
                ):  # not even memory has room: nothing moves, and the screen has said so for hours
                    self._faults["ledger_unwritable"] = None
            case _Asked(command, answer):
                if answer.set_running_or_notify_cancel():
                    self._answer(command, answer)

    # The way of a scan

    def pass_through(self, scan: Scan) -> Row:
        presented = passes.read(scan.code.payload, scan.code.text, self._trust)
        code_id = presented.id if isinstance(presented, Pass) else self._ledger.sealer.digest(scan.code.payload)
        situation = self._observe(code_id)
        decision = rules.decide(presented, situation)
        entry = entries.decided(presented, situation, decision, code_id, self._settings.origins)
        return self._write_then_move(self._of_open_passage(entry, situation))

    def _observe(self, code_id: str = "") -> Situation:
        settings, now = self._settings, self._clock.now()
        thermometer, temperature = self._measure()
        return Situation(
            lane=settings.lane,
            lane_kind=settings.kind,
            mode=settings.mode,
            at=now,
            station=settings.station,
            levels=settings.levels,
            temperature=temperature,
            thermometer=thermometer,
            recent_uses=self._ledger.uses(code_id, now, max(settings.policy.reuse_after, SAME_PASSAGE_WITHIN))
            if code_id
            else (),
            policy=settings.policy,
        )

    def _of_open_passage(self, entry: Entry, situation: Situation) -> Entry:
        """A code shown again at the same lane before anybody let it through is the same vehicle, not a second one."""
        for use in situation.recent_uses:
            if use.lane == entry.key.lane and use.outcome is not Outcome.GRANTED and use.ago < SAME_PASSAGE_WITHIN:
                return entries.presented_again(self._ledger.history(use.passage)[-1], entry)
        return entry

    def _write_then_move(self, entry: Entry) -> Row:
        """The row is on disk before the gate moves. What cannot be written opens nothing unless a person says so."""
        try:
            row = self._ledger.append(entry)
            self._faults.pop("ledger_unwritable", None)
        except LedgerUnwritable:
            self._faults["ledger_unwritable"] = None
            row = self._ledger.keep(entry if Reason.BY_OPERATOR in entry.reasons else _held_for_the_disk(entry))
        self._move(row.entry.key.outcome)
        self._current = row
        return row

    def _move(self, outcome: Outcome) -> None:
        try:
            self._gate.show(outcome)
            self._faults.pop("gate_lost", None)
        except DeviceError:
            self._faults["gate_lost"] = None

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
            return self._write_then_move(entries.registered_by_hand(self._observe(), command.outcome, command.operator))
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
            faults=tuple(self._faults),
        )
        self._feed.publish(f"lane/{settings.lane}", asdict(view))


def _held_for_the_disk(entry: Entry) -> Entry:
    """What the rules would have granted is held; a denial stays one."""
    outcome = entry.key.outcome if entry.key.outcome is Outcome.DENIED else Outcome.HELD
    return replace(
        entry,
        key=replace(entry.key, outcome=outcome),
        reasons=(*entry.reasons, Reason.LEDGER_UNWRITABLE),
    )
