"""Signing on and off, and handing over: who is on duty at which lane. Each step is an event of the ledger."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, tzinfo
from functools import reduce

from station.domain.details import BadgeDetails, BadgeRole
from station.domain.events import Event
from station.domain.events.shifts import HandedOver, ShiftBegan, ShiftEnded, SignedOnBy, SignOnRefused
from station.domain.passes import Pass
from station.domain.reasons import Reason
from station.domain.roster import Member, Roster, TeamView, team_views
from station.domain.rota import DueView, Rota, due_view
from station.domain.shift_figures import LaneFigures
from station.domain.shifts import OnDuty, ShiftRefused, SignOnRefusal, Watchbill, after
from station.duty.roster_file import is_pin
from station.duty.writing import EventWriter
from station.feed import Feed
from station.ledger import Events, LedgerUnwritable

TOPIC = "duty"
KINDS = (ShiftBegan, ShiftEnded, HandedOver)
SHOWN_WITHIN = 120.0
"""Seconds for which a badge that was shown to a lane confirms its holder's hand-over."""
MOST_TRIES, FORGET_TRIES = 5, 300.0
_NOBODY = ""
_NOT_AGAINST_A_BADGE = frozenset({Reason.NOT_FOR_PASSING, Reason.AWAITING_OPERATOR, Reason.USED_RECENTLY})

NOT_DUE = "team_not_due"
"""What is said beside a sign-on from a team that the plan does not want here now."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The rota as it is now, and the zone its times are in."""

    rota: Callable[[], Rota | None]
    zone: tzinfo


NO_PLAN = Plan(lambda: None, UTC)


class Shifts:
    """``badge_shown`` is the lanes', the rest is the screens': any thread may call any of them.

    :param figures: what happened at every lane behind a row of the ledger.
    :param visit: takes lane, number and label of an inspector, who begins a visit and signs on nowhere.
    """

    def __init__(
        self,
        writer: EventWriter,
        events: Events,
        roster: Callable[[], Roster],
        figures: Callable[[int], Sequence[LaneFigures]],
        visit: Callable[[str, str, str], None],
        lanes: Sequence[str],
        feed: Feed,
        plan: Plan = NO_PLAN,
        *,
        hand_over_pin: bool = False,
    ) -> None:
        """:param hand_over_pin: a hand-over takes both sides' PINs: a badge lies about, and opens nothing alone."""
        self._writer, self._roster, self._figures, self._lanes, self._feed = writer, roster, figures, lanes, feed
        self._plan = plan
        self.hand_over_pin = hand_over_pin
        self._visit = visit
        self._lock = threading.Lock()
        self._bill = reduce(after, events.of(KINDS), Watchbill({}))
        self._shown: dict[str, float] = {}
        self._tries: dict[str, list[float]] = {}
        self._notice: dict[str, object] = {}
        self._show()

    # What the lanes ask

    def operator(self, lane: str) -> str:
        """Whose number the lane's records carry; empty where nobody is signed on."""
        return self._bill.operator(lane)

    def badge_shown(self, lane: str, badge: Pass, against: Sequence[Reason]) -> None:
        """A genuine badge was held before a lane's camera or scanner: its holder is that lane's operator from now on,
        or an inspector whose visit begins, unless the rules have something against it.

        :raises LedgerUnwritable: nothing was done.
        """
        assert isinstance(badge.details, BadgeDetails)
        details, reasons = badge.details, tuple(r for r in against if r not in _NOT_AGAINST_A_BADGE)
        with self._lock:
            if reasons:
                self._refused(details.number, SignedOnBy.BADGE, tuple(r.value for r in reasons), lane)
            elif details.role is BadgeRole.INSPECTOR:
                self._visited(lane, details.number, badge.label)
            else:
                self._shown[details.number] = self._writer.now().monotonic
                self._begin(
                    ShiftBegan(details.number, badge.label, details.team, details.role, SignedOnBy.BADGE, lanes=(lane,))
                )
        self._show()

    # What the screens ask

    @property
    def on_duty(self) -> tuple[OnDuty, ...]:
        return tuple(self._bill.on.values())

    @property
    def teams(self) -> tuple[TeamView, ...]:
        """Every team with somebody on duty, and whether enough of them are experienced."""
        return team_views(((one.number, one.team) for one in self.on_duty), self._roster())

    @property
    def due(self) -> DueView | None:
        """The team that the plan wants here now. None without a plan, and while the time is not known."""
        rota, now = self._plan.rota(), self._writer.now()
        if rota is None or not now.trusted:
            return None
        return due_view(rota, now.utc.astimezone(self._plan.zone), self.on_duty, self._roster())

    def sign_on(self, number: str, pin: str, lanes: Sequence[str]) -> None:
        """Number and PIN in place of a badge; an inspector's begin a visit. :raises ShiftRefused: nothing was done."""
        with self._lock:
            member = self._checked(number, pin)
            if member.role is BadgeRole.INSPECTOR:
                self._arrive(member)
            else:
                taken = tuple(lane for lane in self._lanes if lane in lanes) or self._free()
                began = ShiftBegan(member.number, member.label, member.team, member.role, SignedOnBy.PIN, taken)
                self._try(began, member.number)
        self._show()

    def sign_off(self, number: str) -> None:
        """:raises ShiftRefused: they are not on duty."""
        with self._lock:
            self._known(number)
            self._try(ShiftEnded(number), number)
        self._show()

    def figures(self) -> tuple[str, Sequence[LaneFigures]]:
        """Since when, and what happened at each lane since then."""
        row, since = self._bill.since
        return since, self._figures(row)

    def hand_over(self, giver: str, giver_pin: str, taker: str, taker_pin: str) -> None:
        """Both sides confirm what happened; the giver goes off duty and the taker has their lanes.

        :raises ShiftRefused: nothing was done.
        """
        with self._lock:
            known = self._known(giver)
            if giver == taker:
                raise ShiftRefused(SignOnRefusal.SAME_PERSON)
            self._confirm(giver, giver_pin)
            began = self._taking_over(taker, taker_pin, known.lanes)
            since, figures = self.figures()
            self._try(HandedOver(giver, taker, since, tuple(lane.line for lane in figures)), giver)
            self._try(began, taker)
            self._try(ShiftEnded(giver), giver)
        self._show()

    def _taking_over(self, taker: str, pin: str, lanes: tuple[str, ...]) -> ShiftBegan:
        self._confirm(taker, pin)
        on = self._bill.on.get(taker)
        if on is not None:
            return ShiftBegan(taker, on.label, on.team, on.role, SignedOnBy.BADGE if not pin else SignedOnBy.PIN, lanes)
        member = self._roster()[taker]  # confirmed by PIN, so the roster knows them
        return ShiftBegan(taker, member.label, member.team, member.role, SignedOnBy.PIN, lanes)

    def _confirm(self, number: str, pin: str) -> None:
        """By PIN, or where policy lets it by the badge that was shown to a lane a moment ago."""
        if pin:
            self._checked(number, pin)
        elif self.hand_over_pin:
            raise ShiftRefused(SignOnRefusal.PIN_NEEDED)
        elif self._writer.now().monotonic - self._shown.get(number, float("-inf")) > SHOWN_WITHIN:
            raise ShiftRefused(SignOnRefusal.NOT_CONFIRMED)

    def _known(self, number: str) -> OnDuty:
        if number not in self._bill.on:
            raise ShiftRefused(SignOnRefusal.NOT_ON_DUTY)
        return self._bill.on[number]

    def _checked(self, number: str, pin: str) -> Member:
        """:raises ShiftRefused: the PIN is wrong, or was so often that its number has to wait."""
        now, roster = self._writer.now().monotonic, self._roster()
        counted = number if number in roster else _NOBODY  # made-up numbers are counted together, and take no memory
        tries = [at for at in self._tries.get(counted, []) if now - at < FORGET_TRIES]
        if len(tries) >= MOST_TRIES:
            raise ShiftRefused(SignOnRefusal.WAIT, FORGET_TRIES - (now - tries[0]))
        member = roster.get(number)
        if not is_pin(pin, member.pin if member else "") or member is None:
            self._tries = {n: t for n, t in self._tries.items() if now - t[-1] < FORGET_TRIES} | {
                counted: [*tries, now]
            }
            self._refused(number, SignedOnBy.PIN, (SignOnRefusal.WRONG_PIN.value,))
            raise ShiftRefused(SignOnRefusal.WRONG_PIN)
        self._tries.pop(number, None)
        return member

    def _free(self) -> tuple[str, ...]:
        """The lanes nobody has; all of them where each has somebody."""
        return tuple(lane for lane in self._lanes if not self.operator(lane)) or tuple(self._lanes)

    def _try(self, event: Event, number: str) -> None:
        try:
            self._write(event, number)
        except LedgerUnwritable:
            raise ShiftRefused(SignOnRefusal.BUSY) from None

    def _begin(self, began: ShiftBegan) -> None:
        known = self._bill.on.get(began.number)
        if known is None or not set(began.lanes) <= set(known.lanes):  # a badge held up for long is shown once
            self._write(began, began.number)
        self._tell("signed_on", began.number, began.label, self._against(began.team))

    def _against(self, team: str) -> tuple[str, ...]:
        """Who comes from a team that is not due is told so; more hands are never refused."""
        due = self.due
        return (NOT_DUE,) if team and due is not None and due.team and team not in due.expected else ()

    def _arrive(self, inspector: Member) -> None:
        try:
            self._visited("", inspector.number, inspector.label)
        except LedgerUnwritable:
            raise ShiftRefused(SignOnRefusal.BUSY) from None

    def _visited(self, lane: str, number: str, label: str) -> None:
        self._visit(lane, number, label)
        self._tell("visit", number, label)

    def _write(self, event: Event, number: str) -> None:
        self._bill = after(self._bill, self._writer.record(event, operator=number))

    def _refused(self, number: str, by: SignedOnBy, reasons: tuple[str, ...], lane: str = "") -> None:
        self._writer.write(SignOnRefused(number, by, reasons), lane)
        self._tell("refused", number, reasons=reasons)

    def _tell(self, what: str, number: str, label: str = "", reasons: tuple[str, ...] = ()) -> None:
        at = self._writer.now()
        self._notice = {"what": what, "number": number, "label": label, "reasons": list(reasons), "at": at.text}

    def _show(self) -> None:
        self._feed.publish(
            TOPIC,
            {
                "on": [asdict(one) for one in self.on_duty],
                "lanes": {lane: self.operator(lane) for lane in self._lanes},
                "teams": [asdict(team) for team in self.teams],
                "notice": self._notice,
            },
        )
