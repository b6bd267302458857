"""Every page that can be gone to from every other, in the order in which they stand."""

from dataclasses import dataclass

from station.domain.accounts import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """``text`` is a key of the translations; ``role`` the least that the page is for."""

    endpoint: str
    text: str
    role: Role = Role.VIEWER


PAGES = (
    Entry("tree.page", "nav.tree"),
    Entry("wall.page", "nav.wall"),
    Entry("curves.page", "nav.curves"),
    Entry("tables.page", "nav.tables"),
    Entry("incidents.page", "nav.incidents"),
    Entry("inspections.page", "nav.inspections"),
    Entry("orders.page", "nav.orders"),
    Entry("lists.page", "nav.lists"),
    Entry("boards.page", "nav.boards"),
    Entry("accounts.page", "nav.accounts", Role.ADMINISTRATOR),
    Entry("tokens.page", "nav.tokens", Role.SUPERVISOR),
    Entry("audit.page", "nav.audit", Role.ADMINISTRATOR),
)
