"""Ledger to hub: what the hub has not acknowledged is offered again until it has (DESIGN section 5)."""

import queue
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from station.background import BackgroundCall
from station.domain.moment import Moment
from station.domain.passage import LaneCounts
from station.ledger import Epoch, Events, LedgerUnwritable, Segments
from station.messages import (
    ALL,
    LIVE_EXPIRY,
    MAX_EARLIER_EPOCHS,
    MAX_FAULTS,
    MAX_UPDATES,
    Down,
    EarlierEpoch,
    Live,
    LiveLane,
    MessageError,
    State,
    StationState,
    Up,
    Update,
    decode_ack,
    decode_sync,
    encode,
    parse_list,
)
from station.outbox.connection import Broker, Connection, Received
from station.outbox.events import EventWindow
from station.outbox.mailbox import Mailbox
from station.outbox.segments import SegmentWindow
from station.outbox.takeover import Takeovers
from station.pacing import Backoff
from station.runtime import UPLINK_INBOX_SIZE
from station.update_results import UpdateResult

ANSWER_WITHIN = 15.0
SLOW_CONNECT_S = 10.0  # from here on a connect that goes on is told
GREETING_TIMEOUT_S = 3.0
LIVE_AT_LEAST_EVERY = 60.0
PAUSE = 0.1
FAULTS_INTERVAL_S = 10.0
NAME_SHARED = "another machine uses this station's name; only one of them may be switched on: see docs/uplink.md"


class UplinkState(StrEnum):
    OFF = "off"
    CONNECTING = "connecting"
    CONNECTED = "connected"


@dataclass(frozen=True, slots=True)
class UplinkSettings:
    """``segment_seconds``: rows are gathered that long into one segment; ``live_seconds``: a live frame at most so
    often; ``machine`` tells this machine from others, empty where nothing lasting is known."""

    broker: Broker
    district: str
    station: str
    name: str
    levels: tuple[str, ...]
    lanes: tuple[str, ...]
    software: str
    segment_seconds: float
    live_seconds: float
    machine: str = ""


@dataclass(frozen=True, slots=True)
class ListDesk:
    """The room that keeps the lists, which the outbox does not know: ``receive`` takes one (for which station, its
    name, the message), ``versions`` says which are held."""

    receive: Callable[[str, str, bytes], None]
    versions: Callable[[], Mapping[str, int]]


class Uplink:
    """The outbox's worker. ``counts`` gives every lane's counts of the day, ``head`` the ledger's last row; ``orders``
    takes what came as an order."""

    def __init__(
        self,
        settings: UplinkSettings,
        segments: Segments,
        counts: Callable[[Moment], Mapping[str, LaneCounts]],
        head: Callable[[], int],
        day: Callable[[Moment], str],
        lists: ListDesk,
        events: Events,
        orders: Callable[[bytes], None],
        now: Callable[[], Moment],
        clock: Callable[[], float],
        faults: Callable[[], Sequence[str]] = tuple,
        updates: Callable[[], Sequence[UpdateResult]] = tuple,
    ) -> None:
        """:param faults: what is wrong with the station as a whole, the worst first.
        :param updates: what became of the last releases, the newest last."""
        self._settings = settings
        self._ledger, self._segments = segments, SegmentWindow(segments, settings.segment_seconds)
        self._counts, self._head, self._day, self._lists = counts, head, day, lists
        self._events, self._orders = EventWindow(events, segments.epoch_of), orders
        self._now, self._clock = now, clock
        self._faults, self._faults_at = faults, float("-inf")
        self._told_faults: tuple[str, ...] = ()
        self._updates = updates
        self._up, self._down = Up(settings.district, settings.station), Down(settings.district, settings.station)
        self._down_all = Down(settings.district, ALL)
        self._from_desk = (self._down("order"), self._down_all("order"))
        self._mailbox = Mailbox()
        self._inbox: queue.Queue[Received] = queue.Queue(UPLINK_INBOX_SIZE)
        self._connection: Connection | None = None
        self._opening: BackgroundCall[Connection] = BackgroundCall("uplink connect", Connection.close, clock)
        self._conn = 0
        self._backoff, self._takeovers = Backoff(), Takeovers()
        self._begun = 0.0
        self._up_at: float | None = None
        self._heard = False
        self._birth: State | None = None
        self._live_at = float("-inf")
        self._live: Live | None = None
        self.state = UplinkState.CONNECTING
        self.since = now()
        self.fault = ""

    def step(self) -> None:
        """One round: connect if due, else hear the hub, then tell it what is new. Waits about ``PAUSE``."""
        self._hand_on_a_list()
        if self._connection is None:
            self._seek_connection()
            self._heed()
        elif self._connection.ended or self._unanswered():
            self._lose()
        else:
            self._heed()
            if self._connection.up:
                self._serve(self._connection)

    def close(self) -> None:
        """Say goodbye to the hub. A connect that has not come to an end closes by itself what it opens."""
        self._opening.close()
        if self._connection is not None:
            self._connection.close((self._up("state"), encode(self._statement(StationState.OFFLINE))))

    @property
    def name_shared(self) -> bool:
        """Another machine connects under this station's name."""
        return self._takeovers.recognised(self._clock())

    # Connecting

    def _seek_connection(self) -> None:
        """Begin to connect when that is due, on another thread; go on with what it has opened."""
        if self._opening.pending:
            if self._opening.done():
                self._take_opened()
            elif self._opening.elapsed_s > SLOW_CONNECT_S:
                self.fault = (
                    f"{self._settings.broker.url}: no answer for {self._opening.elapsed_s:.0f} s from the name servers"
                    " or the broker; check the network and its DNS"
                )
        elif not max(self._backoff.wait(self._clock()), self._takeovers.wait(self._clock())):
            self._connect()

    def _connect(self) -> None:
        self._conn = self._next_conn()
        will = self._up("state"), encode(self._statement(StationState.LOST))
        lists = (self._down("list/+"), self._down_all("list/+"))
        topics = [self._down("ack"), self._down("sync"), *lists, *self._from_desk]

        def opened() -> Connection:
            connection = Connection(self._settings.broker, will, topics, self._inbox, self._mailbox)
            connection.open()
            return connection

        self._opening.start(opened)

    def _take_opened(self) -> None:
        try:
            self._connection = self._opening.result()
        except (OSError, ValueError) as error:
            self.fault = f"{self._settings.broker.url}: {error}"
            self._backoff.failed(self._clock())
            return
        self._begun, self._birth, self._live = self._clock(), None, None
        self._segments.begin()
        self._events.begin()

    def _next_conn(self) -> int:
        try:
            return self._ledger.next_connection(self._conn)
        except LedgerUnwritable:
            return max(self._conn, self._ledger.connections) + 1  # a full disk is the last thing to hide from the hub

    def _unanswered(self) -> bool:
        connection = self._connection
        return connection is not None and not connection.up and self._clock() - self._begun > ANSWER_WITHIN

    def _lose(self) -> None:
        if self._connection is not None:
            self.fault = self._connection.fault or "the broker does not answer"
            self._note_end(self._connection)
            self._connection.close()
            self._connection = None
        self._enter(UplinkState.CONNECTING)
        self._backoff.failed(self._clock())

    def _note_end(self, connection: Connection) -> None:
        now = self._clock()
        self._takeovers.note_end(connection.end, None if self._up_at is None else now - self._up_at, now)
        self._up_at = None
        if self.name_shared:
            self.fault = NAME_SHARED

    def _enter(self, state: UplinkState) -> None:
        if state is not self.state:
            self.state, self.since = state, self._now()

    # Hearing the hub

    def _heed(self) -> None:
        """Take what the hub said; wait a moment for it when there is nothing."""
        try:
            received = self._inbox.get(timeout=PAUSE)
            while True:
                self._obey(received)
                received = self._inbox.get_nowait()
        except queue.Empty:
            return

    def _obey(self, received: Received) -> None:
        try:
            if received.topic == self._down("ack"):
                self._acknowledged(received.payload)
            elif received.topic == self._down("sync"):
                self._asked_again(received.payload)
            elif received.topic in self._from_desk:
                self._orders(received.payload)
        except MessageError as error:
            self.fault = f"the hub sent {received.topic.rsplit('/', 1)[-1]} that cannot be read: {error}"
        except LedgerUnwritable as error:
            self.fault = str(error)  # not noted, so the segment is offered again and the hub says it again

    def _hand_on_a_list(self) -> None:
        """One a round: reading a long one takes a while, and the rest has its turn in between."""
        waiting = self._mailbox.take()
        if waiting is not None and (found := parse_list(waiting[0])) is not None:
            station, name = found
            self._lists.receive(station, name, waiting[1])

    def _acknowledged(self, payload: bytes) -> None:
        ack = decode_ack(payload)
        if ack.name_shared:
            self._takeovers.note_shared(self._clock())
        if any(ack.epoch == epoch.epoch for epoch in self._ledger.epochs()):
            self._heard = True
            self._events.acknowledged(ack.events)
            self.fault = self._segments.acknowledged(ack, self._clock()) or self.fault

    def _asked_again(self, payload: bytes) -> None:
        sync = decode_sync(payload)
        epoch = next((one for one in self._ledger.epochs() if one.epoch == sync.epoch), None)
        if epoch is not None:
            if sync.events is not None:
                self._events.reopen(max(sync.events, epoch.from_seq - 1))
            self._segments.reopen(sync.epoch, sync.segment)

    # Telling the hub

    def _serve(self, connection: Connection) -> None:
        if self.state is not UplinkState.CONNECTED:
            self._enter(UplinkState.CONNECTED)
            self._up_at, self._heard = self._clock(), False
            self.fault = ""
        self._backoff.succeeded(self._clock())
        self.fault = connection.fault or self.fault
        self._tell_state(connection)
        self._tell_live(connection)
        try:
            self._events.offer(
                self._clock(),
                lambda topic, notice: connection.publish(self._up(topic), encode(notice), qos=1),
            )
            if self._may_offer():
                self._segments.offer(
                    self._clock(), lambda segment: connection.publish(self._up("segment"), encode(segment), qos=1)
                )
        except LedgerUnwritable as error:
            self.fault = str(error)

    def _may_offer(self) -> bool:
        """What the hub says to a birth shows whether another copy of this ledger is about, before anything is stated
        that the copy states too. A hub from before it answered births is not waited for long."""
        return self._heard or self._clock() - (self._up_at or 0.0) >= GREETING_TIMEOUT_S or self._ledger.last() is None

    def _tell_state(self, connection: Connection) -> None:
        """The birth, and again when the clock comes to be trusted or a list is another version."""
        self._look_for_faults()
        birth = self._statement(StationState.ONLINE)
        if self._birth is None or _what_changes(self._birth) != _what_changes(birth):
            connection.publish(self._up("state"), encode(birth), qos=1, retain=True)
            self._birth = birth

    def _look_for_faults(self) -> None:
        """Now and then: one that comes and goes is no reason for a message each time."""
        if self._birth is None or self._clock() - self._faults_at >= FAULTS_INTERVAL_S:
            self._told_faults, self._faults_at = tuple(self._faults())[:MAX_FAULTS], self._clock()

    def _statement(self, state: StationState) -> State:
        now, settings = self._now(), self._settings
        return State(
            state=state,
            epoch=self._ledger.epoch,
            conn=self._conn,
            boot=now.boot,
            at=now.text,
            clock="trusted" if now.trusted else "untrusted",
            name=settings.name,
            levels=settings.levels,
            lanes=settings.lanes,
            software=settings.software,
            lists=self._lists.versions(),
            events=self._events_acked_since(self._ledger.epochs()[-1]),
            machine=settings.machine or f"boot-{now.boot}",
            earlier=tuple(self._earlier(epoch, acked) for epoch, acked in self._ledger.earlier(MAX_EARLIER_EPOCHS)),
            faults=self._told_faults,
            updates=tuple(Update(**asdict(one)) for one in self._updates()[-MAX_UPDATES:]),
        )

    def _earlier(self, epoch: Epoch, acked: int) -> EarlierEpoch:
        return EarlierEpoch(epoch.epoch, epoch.through_seq or 0, acked, self._events_acked_since(epoch))

    def _events_acked_since(self, epoch: Epoch) -> int:
        """The row of the last event of an epoch that the hub has acknowledged, 0 if there is none."""
        through = self._events.acked if epoch.through_seq is None else self._events.acked_through(epoch.through_seq)
        return through if through >= epoch.from_seq else 0

    def _tell_live(self, connection: Connection) -> None:
        since = self._clock() - self._live_at
        if not self._ledger.known:
            return  # a frame of nothing would take the place of the day's counts at the hub
        if self._live is not None and since < self._settings.live_seconds:
            return
        live = self._live_frame()
        changed = self._live is None or (live.day, live.lanes) != (self._live.day, self._live.lanes)
        if changed or since >= LIVE_AT_LEAST_EVERY:
            connection.publish(self._up("live"), encode(live), qos=0, retain=True, expiry=LIVE_EXPIRY)
            self._live, self._live_at = live, self._clock()

    def _live_frame(self) -> Live:
        now = self._now()
        counted = self._counts(now)
        lanes = {lane: _live_lane(counts, self._ledger.counted_before(lane, now)) for lane, counts in counted.items()}
        return Live(self._ledger.epoch, self._head(), self._day(now), now.text, lanes)


def _what_changes(state: State) -> tuple[object, ...]:
    """Of what a state says, that which is worth saying again."""
    return state.clock, state.lists, state.faults


def _live_lane(counts: LaneCounts, before: LaneCounts) -> LiveLane:
    """Without what earlier epochs of the day counted. Crossings are in no segment, so they are the whole day's."""
    return LiveLane(
        granted=max(0, counts.granted - before.granted),
        held=max(0, counts.held - before.held),
        denied=max(0, counts.denied - before.denied),
        vehicles=max(0, counts.vehicles - before.vehicles),
        persons=max(0, counts.persons - before.persons),
        crossings=counts.crossings,
        unmatched=counts.unmatched,
        last_at=counts.last_at,
    )
