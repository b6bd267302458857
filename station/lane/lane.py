"""The lane's thread: it takes what was scanned, seen, pressed and asked, in the order it came."""

import queue
from collections.abc import Callable
from typing import assert_never

from station.asking import Asked, NotTaken, ask
from station.devices import Clock, Gate, Thermometer
from station.devices.gate.minded import MindedGate
from station.domain.commands import UNDO_WITHIN, Command, Refusal, Refused
from station.domain.crossings import SensorLost, Sighting, Tick
from station.domain.lane import LaneSettings
from station.domain.lane_faults import LaneFault
from station.domain.lists import ListHits
from station.domain.panel import PanelChange
from station.domain.scan import Scan
from station.domain.view import PassageView, passage_view
from station.domain.watch import Watch
from station.feed import Feed
from station.lane.emergency import EmergencySwitch
from station.lane.faults import Faults
from station.lane.observer import Observer
from station.lane.operator import OperatorWay
from station.lane.pace import Pace
from station.lane.panel import PanelWay
from station.lane.screen import Eyes, Screen
from station.lane.stranger_codes import StrangerCodes
from station.lane.way import BadgeDesk, ScanWay
from station.lane.writer import Writer
from station.ledger import Ledger, LedgerUnwritable
from station.passes import TrustList
from station.passes.message_parts import MessageAssembler
from station.passes.shc_parts import Joiner
from station.runtime import INBOX_SIZE

ANSWER_WITHIN = 3.0
IDLE = 0.25
RECALLED = 2000
"""Rows of the ledger that reconciliation goes on from after a restart: more than an hour of a busy station."""

Told = Scan | Sighting | SensorLost | PanelChange


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
        badge_desk: BadgeDesk,
    ) -> None:
        self._clock, self._faults, self._gate = clock, Faults(), MindedGate(gate)
        self._watch = Watch(settings.lane, settings.kind, settings.limits, ledger.number)
        latest, now = ledger.latest(settings.lane, RECALLED), clock.now()
        self._watch.recall(latest, now)
        pace = Pace(latest, now)
        self.inbox: queue.Queue[Told | Asked[Command, PassageView]] = queue.Queue(INBOX_SIZE)
        observer = Observer(settings, list_hits, ledger, thermometer, clock, self._faults)
        parts = Joiner()
        assembler = MessageAssembler()

        def over() -> None:
            """What was shown of a card or a message belongs to a passage that is over."""
            parts.forget()
            assembler.forget()

        self._writer = Writer(settings, ledger, self._gate, self._watch, clock, self._faults, pace, over)
        self._strangers, self._in_view = StrangerCodes(settings.kind, settings.ignored, ledger.latest_of), eyes.in_view
        self.way = ScanWay(
            settings.origins,
            parts,
            trust,
            observer,
            ledger,
            self._writer,
            badge_desk,
            self._strangers,
            assembler,
        )
        self._operator = OperatorWay(settings, observer, ledger, self._writer, self._watch, clock)
        emergency = EmergencySwitch(settings.lane, ledger, self._writer, self._gate, clock)
        self._panel = PanelWay(self._operator, self._writer, emergency, self._faults)
        self._screen = Screen(settings, eyes, ledger, pace, clock, feed)

    def step(self) -> None:
        """Take what comes next, or see to gate, beam and screen when nothing does."""
        try:
            item = self.inbox.get(timeout=IDLE)
        except queue.Empty:
            pass
        else:
            self._take(item)
        if self.inbox.empty():  # what waits there happened before now
            self._writer.happened(Tick(self._clock.now().monotonic))
        self._gate.keep(self._watch.occupied)
        self.publish()

    def finish(self) -> None:
        """At the end, with the lane's thread gone: whatever was scanned is still written down."""
        while not self.inbox.empty():
            self._take(self.inbox.get_nowait())

    def _take(self, item: Told | Asked[Command, PassageView]) -> None:
        try:
            match item:
                case Scan():
                    self.way.pass_through(item)
                case Sighting() | SensorLost():
                    self._writer.happened(item)
                case PanelChange():
                    self._panel.touched(item)
                case Asked():
                    item.answer(self._carried_out, Refused)
                case _:
                    assert_never(item)
        except LedgerUnwritable:  # not even in memory is room, as the screen has said for hours: nothing moves
            self._faults.rise(LaneFault.LEDGER_UNWRITABLE)

    def _carried_out(self, command: Command) -> PassageView:
        """With the screen as it then is, so that whoever asked does not see the old one."""
        row = self._operator.answer(command)
        self.publish()
        return passage_view(row, UNDO_WITHIN)

    def publish(self) -> None:
        """Hand the lane's newest state to the screens."""
        self._writer.renew_current()
        alarm = (LaneFault.CROSSED_UNDECIDED,) if self._watch.alarms(self._clock.now()) else ()
        scene = (LaneFault.CODE_IN_SCENE,) if self._strangers.standing_in(self._in_view()) else ()
        faults = (*alarm, *self._faults.standing, *self._gate.faults, *scene)
        self._screen.publish(self._writer.current, self.inbox.qsize(), faults)

    # From any thread

    @property
    def occupied(self) -> bool:
        """Something is in the beam, or nobody knows; False without a sensor."""
        return self._watch.occupied

    def ask(self, command: Command) -> PassageView:
        """Carry out an operator's command on the lane's own thread.

        :raises Refused: nothing was written and nothing moved; ``why`` says why.
        """
        asked: Asked[Command, PassageView] = Asked(command)
        try:
            return ask(self.inbox, asked, ANSWER_WITHIN)
        except NotTaken:
            raise Refused(Refusal.BUSY) from None

    def name(self, passage: int) -> str:
        """Who a certificate of the passage on the screen names, one a line; empty for any other passage."""
        current = self._writer.current
        return current.entry.personal.name if current is not None and current.passage == passage else ""
