"""Signing on and off over a real ledger, with a roster of a few."""

from collections.abc import Sequence
from pathlib import Path

from duty_rig import DutyRig
from lanes import ZONE
from made import a_pass

from station.domain.details import BadgeDetails, BadgeRole
from station.domain.passes import PassKind
from station.domain.reasons import Reason
from station.domain.roster import Member
from station.domain.rota import Rota
from station.duty.roster_file import hash_pin
from station.duty.shifts import Plan, Shifts
from station.duty.writing import EventWriter
from station.ledger.shift_figures import shift_figures

LANES = ("1", "2")
ROSTER = {
    "0107": Member("0107", "王**", "B", experienced=True, pin=hash_pin("2580")),
    "0108": Member("0108", "李**", "B", experienced=False, pin=hash_pin("1357")),
    "0109": Member("0109", "张**", "B", experienced=True),
    "0901": Member("0901", "赵**", "", BadgeRole.INSPECTOR, pin=hash_pin("9753")),
}
GOOD = (Reason.NOT_FOR_PASSING,)


class ShiftRig(DutyRig):
    rota: Rota | None = None

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.again()

    def again(self, *, hand_over_pin: bool = False) -> None:
        """As after a restart."""
        self.shifts = Shifts(
            EventWriter(self.ledger, self.clock),
            self.events,
            lambda: ROSTER,
            lambda row: shift_figures(self.ledger, self.ledger.number(row), LANES),
            self.inspections.arrived,
            LANES,
            self.feed,
            Plan(lambda: self.rota, ZONE),
            hand_over_pin=hand_over_pin,
        )

    def badge(
        self,
        lane: str,
        number: str = "0107",
        against: Sequence[Reason] = GOOD,
        role: BadgeRole = BadgeRole.OPERATOR,
    ) -> None:
        shown = a_pass(kind=PassKind.BADGE, label="王**", details=BadgeDetails(number, "B", role))
        self.shifts.badge_shown(lane, shown, against)

    def duty(self) -> dict:
        return self.feed.changes(0, 0)[1]["duty"]

    def numbers(self) -> list[str]:
        return [one["number"] for one in self.duty()["on"]]
