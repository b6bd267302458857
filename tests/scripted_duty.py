"""A station's incidents and orders for pages, without a ledger: what a test says is there, and what was asked of it."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from ticking_clock import ticking_now

from station.domain.commands import Refusal, Refused
from station.domain.details import BadgeRole
from station.domain.events.rounds import Vulnerable
from station.domain.incidents import IncidentCommand, IncidentView
from station.domain.inspections import FindingView, InspectionCommand, VisitView
from station.domain.orders import OrderView
from station.domain.roster import TeamView
from station.domain.rota import DueView
from station.domain.rounds import DeliveryView, RoundView
from station.domain.shift_figures import LaneFigures
from station.domain.shifts import OnDuty, ShiftRefused, SignOnRefusal
from station.feed import Feed

LATER = "2026-03-02T12:00:00.000Z"


def at(seconds: float = 0) -> str:
    return (ticking_now() + timedelta(seconds=seconds)).isoformat()


def an_order(number: int = 1, **changes: Any) -> OrderView:
    order = OrderView(
        id=f"order-{number}",
        urgency="urgent",
        level="pingyuan/qiaobei",
        issued_at=at(-90),
        received_at=at(-60),
        expires=at(3 * 3600),
        zh="一号车道暂停放行，车辆改走二号车道。",
        en="Stop lane 1; send vehicles to lane 2.",
    )
    return replace(order, **changes)


def an_incident(number: int = 1, **changes: Any) -> IncidentView:
    incident = IncidentView(f"incident{number}", "fever", "serious", "1", at(-600), at(-600), "38.4 at the window")
    return replace(incident, **changes)


def a_visit(number: int = 1, **changes: Any) -> VisitView:
    return replace(VisitView(f"visit{number}", "0900", "赵**", "1", at(-1800), findings=2, notices=1), **changes)


def a_finding(number: int = 1, **changes: Any) -> FindingView:
    known = FindingView(f"finding{number}", "visit1", "disinfection", "serious", at(-900), "no record since noon")
    return replace(known, **changes)


class ScriptedInspections:
    def __init__(self) -> None:
        self.going_on: list[VisitView] = []
        self.open: list[FindingView] = []
        self.commands: list[InspectionCommand] = []
        self.refusal: Refusal | None = None

    def visits(self) -> Sequence[VisitView]:
        return self.going_on

    def findings(self) -> Sequence[FindingView]:
        return self.open

    def carry_out(self, command: InspectionCommand) -> None:
        self.commands.append(command)
        if self.refusal is not None:
            raise Refused(self.refusal)


class ScriptedOrders:
    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self.held: dict[str, OrderView] = {}
        self.said: list[tuple[str, str]] = []
        self.refusal: Refusal | None = None

    def hold(self, *orders: OrderView) -> None:
        self.held = {order.id: order for order in orders}
        waiting = [asdict(order) for order in orders if not order.acknowledged_at]
        self._feed.publish("orders", {"orders": waiting})

    def listed(self) -> Sequence[OrderView]:
        return list(self.held.values())

    def shown(self, order: str) -> None:
        self.said.append(("shown", order))

    def acknowledge(self, order: str, operator: str = "") -> None:
        self.said.append(("acknowledge", order))
        if self.refusal is not None:
            raise Refused(self.refusal)
        self.held[order] = replace(self.held[order], acknowledged_at=at(), acknowledged_by=operator)
        self.hold(*self.held.values())


class ScriptedIncidents:
    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self.open: list[IncidentView] = []
        self.commands: list[IncidentCommand] = []
        self.refusal: Refusal | None = None
        self.with_photos = False
        self.photos: dict[str, bytes] = {}

    def photo(self, incident: str) -> bytes | None:
        return self.photos.get(incident)

    def hold(self, *incidents: IncidentView) -> None:
        self.open = list(incidents)
        self._feed.publish("incidents", {"open": [asdict(incident) for incident in incidents]})

    def listed(self) -> Sequence[IncidentView]:
        return self.open

    def carry_out(self, command: IncidentCommand) -> None:
        self.commands.append(command)
        if self.refusal is not None:
            raise Refused(self.refusal)


class ScriptedShifts:
    """Knows one number with one PIN; says what it was asked."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.on_duty: tuple[OnDuty, ...] = ()
        self.hand_over_pin = False
        self.asked: list[tuple[str, ...]] = []
        self.teams: tuple[TeamView, ...] = ()
        self.due: DueView | None = None
        self.lanes: tuple[LaneFigures, ...] = (LaneFigures("1", 120, 2, 3, 125, 402, 1), LaneFigures("2"))
        self._publish({})

    def operator(self, lane: str) -> str:
        return next((one.number for one in self.on_duty if lane in one.lanes), "")

    def sign_on(self, number: str, pin: str, lanes: Sequence[str]) -> None:
        self.asked.append(("on", number, *lanes))
        if (number, pin) != ("0107", "2580"):
            raise ShiftRefused(SignOnRefusal.WRONG_PIN)
        self.on_duty = (an_operator(lanes=tuple(lanes)),)
        self._publish({"what": "signed_on", "number": number, "label": "王**", "reasons": [], "at": LATER})

    def refuse(self, *reasons: str) -> None:
        """A badge is held before a lane."""
        self._publish({"what": "refused", "number": "0108", "label": "", "reasons": list(reasons), "at": LATER})

    def welcome(self, *reasons: str) -> None:
        """A badge is taken, with something to be said beside it."""
        self._publish({"what": "signed_on", "number": "0108", "label": "李**", "reasons": list(reasons), "at": LATER})

    def sign_off(self, number: str) -> None:
        self.asked.append(("off", number))
        if number not in [one.number for one in self.on_duty]:
            raise ShiftRefused(SignOnRefusal.NOT_ON_DUTY)
        self.on_duty = ()
        self._publish({})

    def figures(self) -> tuple[str, tuple[LaneFigures, ...]]:
        return "2026-03-02T04:00:00.000Z", self.lanes

    def hand_over(self, giver: str, giver_pin: str, taker: str, taker_pin: str) -> None:
        self.asked.append(("hand over", giver, taker))
        if giver == taker:
            raise ShiftRefused(SignOnRefusal.SAME_PERSON)
        if taker_pin == "wait":
            raise ShiftRefused(SignOnRefusal.WAIT, 90.4)

    def _publish(self, notice: dict[str, object]) -> None:
        on = [asdict(one) for one in self.on_duty]
        lanes = {lane: self.operator(lane) for lane in ("1", "2")}
        self.feed.publish("duty", {"on": on, "lanes": lanes, "teams": [], "notice": notice})


def an_operator(**changes: Any) -> OnDuty:
    known = OnDuty("0107", "王**", "B", BadgeRole.OPERATOR, "2026-03-02T04:00:00.000Z", 1, ("1", "2"))
    return replace(known, **changes)


class ScriptedRounds:
    def __init__(self) -> None:
        self.round = RoundView("2026-03-02T04:00:00.000Z", "2026-03-02T06:00:00Z", 3)
        self.handed = dict.fromkeys(Vulnerable, 0)
        self.waiting = [DeliveryView("d1", "A3", "王先生", "parcel", "2026-03-02T04:00:00.000Z")]
        self.asked: list[tuple[object, ...]] = []
        self.refusal: Refusal | None = None

    def rounds_since(self, after: str) -> int:
        return 2

    def listed(self) -> Sequence[DeliveryView]:
        return self.waiting

    def disinfected(self, round_id: str, lanes: Sequence[str], operator: str) -> None:
        self._take("disinfected", *lanes, operator)

    def leave(self, delivery: str, shelf: str, whose: str, what: str, operator: str) -> None:
        self._take("leave", shelf, whose, what, operator)

    def collect(self, delivery: str, by: str, operator: str) -> None:
        self._take("collect", delivery, operator)

    def hand_to_car(self, handing: str, group: Vulnerable, persons: int, car: str, operator: str) -> None:
        self._take("hand", group, persons, car, operator)

    def _take(self, *asked: object) -> None:
        self.asked.append(asked)
        if self.refusal is not None:
            raise Refused(self.refusal)
