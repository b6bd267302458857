"""The teams of a checkpoint: who belongs to which, who is experienced, and whether enough of these are on duty."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from station.domain.details import BadgeRole

EXPERIENCED_ENOUGH = 3
"""So many of a team have done this before; with fewer the newcomers have nobody to ask."""


@dataclass(frozen=True, slots=True)
class Member:
    """``label`` names the operator masked, as on the badge. ``pin`` is a hash; empty for whoever has only a badge."""

    number: str
    label: str
    team: str
    role: BadgeRole = BadgeRole.OPERATOR
    experienced: bool = False
    pin: str = ""


Roster = Mapping[str, Member]
"""Members by number."""


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team with somebody on duty. ``enough``: at least ``EXPERIENCED_ENOUGH`` of them are experienced."""

    team: str
    on: int
    experienced: int
    enough: bool


def team_views(on_duty: Iterable[tuple[str, str]], roster: Roster) -> tuple[TeamView, ...]:
    """:param on_duty: number and team of everybody who is on. Whom the roster does not know is not experienced."""
    teams: dict[str, list[str]] = {}
    for number, team in on_duty:
        teams.setdefault(team, []).append(number)
    return tuple(_view(team, numbers, roster) for team, numbers in sorted(teams.items()))


def _view(team: str, numbers: list[str], roster: Roster) -> TeamView:
    experienced = sum(number in roster and roster[number].experienced for number in numbers)
    return TeamView(team, len(numbers), experienced, experienced >= EXPERIENCED_ENOUGH)
