"""What the district's pages need for orders, incidents and inspections."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from station.domain.district_incidents import IncidentRow, IncidentStep, NoteStep
from station.domain.district_inspections import FindingRow, InspectionRow, MonthRow, NoticeRow
from station.domain.district_orders import Draft, OrderRow, OrderStation, StrangeOrder
from station.domain.listing import Listing
from station.domain.orders import Order

Level = tuple[str, ...]


class OrderQuestions(Protocol):
    def orders(self, within: Level = ()) -> Sequence[OrderRow]:
        """The newest first: those for a level, for those above it and beneath it."""

    def listed(self, listing: Listing) -> Sequence[OrderRow]:
        """As ``orders``, a stretch at a time; a place is when it was written and its id."""

    def order(self, order: str, within: Level = ()) -> tuple[OrderRow, Sequence[OrderStation]] | None:
        """One, and what each station did with it, those first that have done the least."""

    def strange(self, since: datetime) -> Sequence[StrangeOrder]:
        """What stations refused and this hub never wrote."""


class Orders(Protocol):
    @property
    def questions(self) -> OrderQuestions: ...

    @property
    def may_write(self) -> bool:
        """Whether there is a key to sign with."""

    def write(self, draft: Draft, written_by: str) -> Order:
        """:raises OrderNotWritten: it cannot be sent as it is."""


class Incidents(Protocol):
    def incidents(self, since: datetime, level: Level = ()) -> Sequence[IncidentRow]:
        """Those opened since then or still open, the newest first."""

    def listed(self, listing: Listing) -> Sequence[IncidentRow]:
        """All of them, a stretch at a time; a place is when one was opened, its station and its id."""

    def incident(self, station: str, incident: str, level: Level = ()) -> tuple[IncidentRow, Sequence[IncidentStep]]:
        """:raises UnknownIncident: there is none at or beneath the level."""

    def note(self, station: str, incident: str, step: NoteStep, who: str, words: str, level: Level) -> None:
        """:raises UnknownIncident: there is none at or beneath the level."""


class Inspections(Protocol):
    def inspections(self, since: datetime, level: Level = ()) -> Sequence[InspectionRow]:
        """Those begun since then, going on, or with something open: what is overdue first, then the newest."""

    def listed(self, listing: Listing) -> Sequence[InspectionRow]:
        """All of them, a stretch at a time; a place is when one began, its station and its id."""

    def inspection(
        self, station: str, inspection: str, level: Level = ()
    ) -> tuple[InspectionRow, Sequence[FindingRow], Sequence[NoticeRow]]:
        """:raises UnknownInspection: there is none at or beneath the level."""

    def months(self, level: Level = ()) -> Sequence[MonthRow]:
        """The last twelve, this one first."""
