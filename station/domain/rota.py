"""Which team is due when: days of shifts that repeat, in the station's local time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from station.domain.details import BadgeRole
from station.domain.roster import Roster, team_views
from station.domain.shifts import OnDuty
from station.domain.times import utc_text

CHANGEOVER = timedelta(minutes=30)
"""So long before its shift a team may come, and after it may stay, for handing over."""


@dataclass(frozen=True, slots=True)
class Rota:
    """``begins`` are the times of day at which a shift begins, in ascending order. Each lasts until the next one does,
    the last of a day until the first of the day after, so no moment is left out and none belongs to two. ``days`` name
    a team for each, and repeat without end from ``start`` on."""

    start: date
    begins: tuple[time, ...]
    days: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift of a certain day, from ``begins`` until just before ``ends``; both in the station's zone."""

    team: str
    begins: datetime
    ends: datetime


def turn_at(rota: Rota, at: datetime) -> Turn | None:
    """The shift that ``at`` falls into; None before the first one. :param at: in the station's zone."""
    place = sum(begin <= at.time() for begin in rota.begins) - 1
    # Before the first shift of a day the last one of the day before goes on.
    day = at.date() if place >= 0 else at.date() - timedelta(days=1)
    if day < rota.start:
        return None
    place %= len(rota.begins)
    team = rota.days[(day - rota.start).days % len(rota.days)][place]
    follows = place + 1 == len(rota.begins)
    ends = datetime.combine(day + timedelta(days=follows), rota.begins[(place + 1) % len(rota.begins)], at.tzinfo)
    return Turn(team, datetime.combine(day, rota.begins[place], at.tzinfo), ends)


def turn_after(rota: Rota, at: datetime) -> Turn:
    """The next shift that begins after ``at``."""
    now = turn_at(rota, at)
    first = now.ends if now is not None else datetime.combine(rota.start, rota.begins[0], at.tzinfo)
    following = turn_at(rota, first)
    assert following is not None
    return following


def expected(rota: Rota, at: datetime) -> frozenset[str]:
    """Whom one expects to see: the team that is due, and around a change the other one as well."""
    turns = (turn_at(rota, moment) for moment in (at - CHANGEOVER, at, at + CHANGEOVER))
    return frozenset(turn.team for turn in turns if turn is not None)


@dataclass(frozen=True, slots=True)
class DueView:
    """The team that is due, empty before the plan begins; who of it is on, and who of the roster is missing, as masked
    label and number. ``enough``: at least three of those on are experienced. Times are RFC 3339 UTC."""

    team: str
    ends: str
    on: tuple[str, ...]
    missing: tuple[str, ...]
    experienced: int
    enough: bool
    next_team: str
    next_at: str
    expected: frozenset[str]


def due_view(rota: Rota, at: datetime, on_duty: Iterable[OnDuty], roster: Roster) -> DueView:
    """:param at: now, in the station's zone."""
    now, following = turn_at(rota, at), turn_after(rota, at)
    team = now.team if now is not None else ""
    on = [one for one in on_duty if now is not None and one.team == team]
    numbers = {one.number for one in on}
    members = [one for one in roster.values() if now is not None and one.team == team]
    views = team_views(((one.number, team) for one in on), roster)
    return DueView(
        team=team,
        ends=utc_text(now.ends, "seconds") if now is not None else "",
        on=tuple(f"{one.label} {one.number}" for one in on),
        missing=tuple(
            f"{one.label} {one.number}"
            for one in members
            if one.number not in numbers and one.role is not BadgeRole.INSPECTOR
        ),
        experienced=sum(view.experienced for view in views),
        enough=any(view.enough for view in views),
        next_team=following.team,
        next_at=utc_text(following.begins, "seconds"),
        expected=expected(rota, at),
    )
