"""The parking bay as the screens show it."""

from station.domain import aside
from station.domain.commands import UNDO_WITHIN
from station.domain.moment import Moment
from station.domain.passage import Row
from station.domain.view import AsideView, passage_view
from station.ledger import Ledger


def parking_bay(ledger: Ledger, now: Moment) -> list[AsideView]:
    """What waits, the longest first, and what was decided there as long as it can be undone."""
    shown = []
    for row in ledger.aside():
        if aside.waits(row.entry) or _may_be_undone(row, now):
            shown.append(row)
        else:
            ledger.drop_aside(row.passage)
    return [_view(row) for row in sorted(shown, key=lambda row: aside.since(row.entry))]


def _may_be_undone(row: Row, now: Moment) -> bool:
    at = row.entry.at
    return at.boot == now.boot and now.monotonic - at.monotonic <= UNDO_WITHIN.total_seconds()


def _view(row: Row) -> AsideView:
    return AsideView(row.entry.key.lane, aside.since(row.entry), passage_view(row, UNDO_WITHIN))
