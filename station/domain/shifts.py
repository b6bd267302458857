"""Who is on duty, folded from the events of shifts (events/shifts.py)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from station.domain.details import BadgeRole
from station.domain.event_rows import Recorded
from station.domain.events.shifts import HandedOver, ShiftBegan, ShiftEnded

UNATTENDED = "unattended"
"""The operator in the records of a lane that nobody is signed on at."""


class SignOnRefusal(StrEnum):
    """Why somebody could not sign on, beside what the rules have against a badge."""

    WRONG_PIN = "wrong_pin"
    WAIT = "wait"
    NOT_ON_DUTY = "not_on_duty"
    SAME_PERSON = "same_person"
    NOT_CONFIRMED = "not_confirmed"
    PIN_NEEDED = "pin_needed"
    BUSY = "busy"


class ShiftRefused(Exception):
    """Nothing was done. ``wait`` is how many seconds nobody can sign on with this number."""

    def __init__(self, why: SignOnRefusal, wait: float = 0.0) -> None:
        super().__init__(why.value)
        self.why, self.wait = why, wait


@dataclass(frozen=True, slots=True)
class OnDuty:
    """``row`` is the ledger row their shift began with, ``since`` its time (RFC 3339 UTC)."""

    number: str
    label: str
    team: str
    role: BadgeRole
    since: str
    row: int
    lanes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watchbill:
    """``on`` by number, in the order they signed on. ``handed_over`` is the row of the last hand-over, 0 before any."""

    on: Mapping[str, OnDuty]
    handed_over: int = 0
    handed_over_at: str = ""

    def operator(self, lane: str) -> str:
        """Whose number a lane's records carry; empty where nobody is signed on."""
        return next((one.number for one in self.on.values() if lane in one.lanes), "")

    @property
    def since(self) -> tuple[int, str]:
        """The row and time that a hand-over looks back to: the last one's, or the first sign-on of those on duty."""
        began = min(((one.row, one.since) for one in self.on.values()), default=(0, ""))
        return max(began, (self.handed_over, self.handed_over_at)) if began[0] else (self.handed_over, "")


def after(bill: Watchbill, row: Recorded) -> Watchbill:
    """A lane has one operator: who signs on at it takes it over from whoever had it before, who stays on duty."""
    match row.event:
        case ShiftBegan() as began:
            others = {n: _without(one, began.lanes) for n, one in bill.on.items() if n != began.number}
            known = bill.on.get(began.number)
            lanes = tuple(dict.fromkeys((*(known.lanes if known else ()), *began.lanes)))
            since, seq = (known.since, known.row) if known else (row.at.text, row.seq)
            mine = OnDuty(began.number, began.label, began.team, began.role, since, seq, lanes)
            return replace(bill, on={**others, began.number: mine})
        case ShiftEnded(number):
            return replace(bill, on={n: one for n, one in bill.on.items() if n != number})
        case HandedOver():
            return replace(bill, handed_over=row.seq, handed_over_at=row.at.text)
        case _:
            return bill


def _without(one: OnDuty, lanes: tuple[str, ...]) -> OnDuty:
    return replace(one, lanes=tuple(lane for lane in one.lanes if lane not in lanes))
