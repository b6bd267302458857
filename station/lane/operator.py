"""The operator's way: what is tapped on the screen, command by command."""

from typing import assert_never

from station import rules
from station.devices import Clock
from station.domain import aside, by_hand, entries, ticking
from station.domain.commands import (
    UNDO_WITHIN,
    Command,
    Decide,
    Refusal,
    Refused,
    Register,
    SetAside,
    TakeUp,
    TickMust,
    Undo,
    UntickMust,
)
from station.domain.decision import Outcome
from station.domain.lane import LaneSettings
from station.domain.passage import Entry, Row
from station.domain.reasons import Reason
from station.domain.watch import Watch
from station.lane.forms import Forms
from station.lane.observer import Observer
from station.lane.writer import Writer
from station.ledger import AmendsChangedPassage, Ledger, LedgerUnwritable


class OperatorWay:
    def __init__(
        self, settings: LaneSettings, observer: Observer, ledger: Ledger, writer: Writer, watch: Watch, clock: Clock
    ) -> None:
        self._settings, self._observer, self._ledger, self._writer = settings, observer, ledger, writer
        self._watch, self._clock, self._forms = watch, clock, Forms()

    def answer(self, command: Command) -> Row:
        """Carry a command out, or say why not. :raises Refused: nothing was written and nothing moved."""
        try:
            return self.carry_out(command)
        except AmendsChangedPassage:
            raise Refused(Refusal.CHANGED_MEANWHILE) from None
        except LedgerUnwritable:
            raise Refused(Refusal.BUSY) from None

    def carry_out(self, command: Command) -> Row:
        """Every command there is; whatever is raised, nothing was written and nothing moved.

        :raises Refused: it makes no sense (any more).
        :raises AmendsChangedPassage: another row came between.
        :raises LedgerUnwritable: not even in memory is room.
        """
        match command:
            case Decide():
                return self._decide(command)
            case Register():
                return self._register(command)
            case Undo():
                return self._undo(command)
            case TickMust() | UntickMust():
                return self._tick(command)
            case SetAside():
                return self._set_aside(command)
            case TakeUp():
                return self._take_up(command)
            case _:
                assert_never(command)

    def _decide(self, command: Decide) -> Row:
        before = self._history(command.passage, command.row)[-1]
        return self._write(entries.decided_by_operator(before, command.outcome, command.operator, self._clock.now()))

    def _register(self, command: Register) -> Row:
        known = self._forms.passage_of(command.form)
        if known is not None and (row := self._ledger.latest_of(known)) is not None:
            return row
        situation = self._observer.observe()
        entry = by_hand.registered(situation, command.outcome, command.told, command.operator)
        row = self._writer.write_then_move(entry)
        self._forms.remember(command.form, row.passage)
        self._watch.answered()
        return row

    def _undo(self, command: Undo) -> Row:
        history, now = self._history(command.passage, command.row), self._clock.now()
        place = entries.operators_last(history)
        if place is None:
            raise Refused(Refusal.NOTHING_TO_UNDO)
        at = history[place].entry.at
        if now.boot != at.boot or now.monotonic - at.monotonic > UNDO_WITHIN.total_seconds():
            raise Refused(Refusal.TOO_LATE)
        return self._write(entries.undone(history, place, command.operator, now))

    def _write(self, entry: Entry) -> Row:
        """Of a vehicle in the parking bay only a grant and its undo move the gate, and a grant only while nobody else
        waits for a decision at the barrier: it would let that one through."""
        if not aside.since(entry):
            return self._writer.write_then_move(entry)
        if entry.key.outcome is Outcome.GRANTED:
            self._require_free_lane()
            return self._writer.write_then_move(entry)
        current = self._writer.current
        if current is not None and current.passage == self._ledger.number(entry.amends or 0):
            return self._writer.write_then_move(entry)
        return self._writer.write_beside(entry)

    def _require_free_lane(self) -> None:
        current = self._writer.current
        if current is not None and _awaits_somebody(current.entry):
            raise Refused(Refusal.OCCUPIED)

    # The five musts

    def _tick(self, command: TickMust | UntickMust) -> Row:
        history = self._history(command.passage, command.row)
        last = history[-1]
        if isinstance(command, TickMust):
            met = ticking.met_with(last.entry, command.must)
        else:
            met = ticking.met_without(history, command.must)
        decision = rules.decide_on_ticks(last.entry, met, self._settings.policy)
        return self._writer.write_beside(ticking.looked_at_again(last, decision, command.operator, self._clock.now()))

    # The parking bay

    def _set_aside(self, command: SetAside) -> Row:
        before = self._history(command.passage, command.row)[-1]
        if before.entry.key.outcome is not Outcome.HELD:
            raise Refused(Refusal.NOT_HELD)
        if aside.since(before.entry):
            raise Refused(Refusal.CHANGED_MEANWHILE)
        row = self._writer.write_beside(aside.set_aside(before, command.operator, self._clock.now()))
        self._writer.leave(row.passage)
        return row

    def _take_up(self, command: TakeUp) -> Row:
        before = self._seen(command.passage, command.row)[-1]
        if not aside.waits(before.entry):
            raise Refused(Refusal.CHANGED_MEANWHILE)
        self._require_free_lane()
        entry = aside.taken_up(before, self._settings.lane, command.operator, self._clock.now())
        row = self._writer.write_beside(entry)
        self._writer.current = row
        return row

    # What the operator saw

    def _history(self, passage: int, row: int | None) -> list[Row]:
        """Every row of a passage of this lane, if the last one is the one the operator saw."""
        history = self._seen(passage, row)
        if history[-1].entry.key.lane != self._settings.lane:
            raise Refused(Refusal.NOT_FOUND)
        return history

    def _seen(self, passage: int, row: int | None) -> list[Row]:
        """The same of whichever lane."""
        history = self._ledger.history(passage)
        if not history:
            raise Refused(Refusal.NOT_FOUND)
        if row is not None and history[-1].seq != self._ledger.number(row):
            raise Refused(Refusal.CHANGED_MEANWHILE)
        return history


def _awaits_somebody(entry: Entry) -> bool:
    """Held by the rules, and nobody has said anything yet."""
    return entry.key.outcome is Outcome.HELD and Reason.BY_OPERATOR not in entry.reasons
