"""All that the district's pages may ask of the hub: callables and ports handed in by whoever starts both."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from station.domain.accounts import Account, ApiToken, AuditEntry, By, Role, Visitor
from station.domain.tables import Report
from web_ui.district.duty import Incidents, Inspections, Orders

View = Mapping[str, Any]
Level = tuple[str, ...]


class Sessions(Protocol):
    """Who is logged in. A secret is what the browser holds; the hub keeps its digest."""

    def log_in(self, name: str, password: str, address: str) -> str:
        """:return: the secret of a new session.
        :raises AccountRefused: the name and password do not go together."""

    def visitor(self, secret: str) -> Visitor | None:
        """Whose session it is, which this prolongs; none once it has ended."""

    def look(self, secret: str) -> Visitor | None:
        """Whose session it is, and nothing is prolonged."""

    def log_out(self, secret: str, by: By) -> None: ...


class Accounts(Protocol):
    """Every method that changes something writes it into the audit trail, and raises AccountRefused if it may not."""

    def beneath(self, level: Level) -> Sequence[Account]: ...

    def add(self, name: str, password: str, role: Role, level: Level, by: By) -> None:
        """The password is for the first login alone."""

    def reset_password(self, name: str, password: str, by: By) -> None:
        """As ``add``: the next login asks for another."""

    def change_password(self, name: str, old: str, new: str, by: By) -> None:
        """One's own. Every session of the account ends."""

    def disable(self, name: str, by: By) -> None: ...

    def enable(self, name: str, by: By) -> None: ...


class Tokens(Protocol):
    """API tokens. The text of one is told once, by ``make``."""

    def beneath(self, level: Level) -> Sequence[ApiToken]: ...

    def make(self, label: str, role: Role, level: Level, days: int, by: By) -> str: ...

    def revoke(self, token_id: str, by: By) -> None: ...

    def bearer(self, token: str) -> Visitor | None: ...


class Trail(Protocol):
    """The audit trail."""

    def note(self, by: By, action: str, detail: str) -> None: ...

    def looked(self, by: By, what: str) -> None:
        """As ``note``, a moment later; the same look within a minute is one."""

    def entries(self, before: str, who: str) -> Sequence[tuple[str, AuditEntry]]:
        """A page of them with their ids, the newest first, from before the entry of this id on; of one or of all."""


class Tree(Protocol):
    """The district's tree as it is now. Levels and stations are views, JSON-ready; each has "attention" or "reasons",
    and the worst stands first."""

    def changes(self, topics: Iterable[str], after: int) -> tuple[int, Mapping[str, View]]:
        """Views of those topics, "level/<path>" and "station/<id>", that changed after a revision (0: all of them);
        and the revision to ask after next."""

    def node(self, path: str) -> View:
        """:raises LookupError: there is no such level."""

    def paths(self) -> Sequence[str]:
        """Every level there is, in the order of the text."""

    def named(self, begins: str, within: str, most: int) -> Sequence[View]:
        """Levels at or beneath ``within`` whose name, title or path begins so, with path and titles."""

    def children(self, path: str) -> Mapping[str, Sequence[View]]:
        """ "levels" and "stations" right beneath it.

        :raises LookupError: there is no such level."""

    def attention(self, path: str, most: int) -> View:
        """ "stations" at or beneath it that somebody should look at, and their "total"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictServices:
    """``station``: one station's view; ``placed``: the level at
    which it stands, empty for one that is unknown. ``stations`` are JSON-ready and sorted by id, ``boards`` JSON-ready
    and sorted by number. ``lists`` are the newest versions, named as stations name what they hold. ``counts`` takes
    level names, a period (aware, the end not included) and one of ``groupings``; it raises LookupError, whose text says
    more, for a level that is not there. ``beside`` takes level names, a period, a step and a split, and answers the
    counts "now" and those of a week before, "then". ``daily`` makes a level's tables of a day in a language, its
    stations left out where there are more than the last argument says. ``xlsx`` and ``pdf`` make a file of a report.
    ``health`` is whether all is well, and the details; ``metrics`` a content type and a body. ``anonymous_read``: no
    login is needed to look. ``secret_key`` signs cookies, and is the same after a restart. ``fault`` is raised while
    the store cannot be used.
    """

    district: str
    zone: ZoneInfo
    anonymous_read: bool
    secret_key: bytes
    fault: type[Exception]
    groupings: tuple[str, ...]
    sessions: Sessions
    accounts: Accounts
    tokens: Tokens
    trail: Trail
    tree: Tree
    station: Callable[[str], View | None]
    placed: Callable[[str], Level]
    closed: Callable[[], bool]
    stations: Callable[[], Sequence[View]]
    boards: Callable[[], Sequence[View]]
    lists: Callable[[], Mapping[str, int]]
    counts: Callable[[Level, datetime, datetime, str], View]
    beside: Callable[[Level, datetime, datetime, str, str], View]
    orders: Orders
    incidents: Incidents
    inspections: Inspections
    daily: Callable[[Level, date, str, int | None], Report]
    xlsx: Callable[[Report], bytes]
    pdf: Callable[[Report], bytes]
    health: Callable[[], tuple[bool, View]]
    metrics: Callable[[], tuple[str, bytes]]
    now: Callable[[], datetime]
