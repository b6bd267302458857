"""The day's hand-overs, as both sides saw them. Asked only while somebody looks."""

from datetime import date
from zoneinfo import ZoneInfo

from station.domain.event_rows import Recorded
from station.domain.events.shifts import HandedOver
from station.domain.shift_figures import figures_of
from station.domain.supervision import HandOverView
from station.ledger import Events


def hand_overs_of(events: Events, day: date, zone: ZoneInfo) -> list[HandOverView]:
    """Those of one local day, the latest first."""
    rows = [row for row in events.of((HandedOver,)) if row.at.utc.astimezone(zone).date() == day]
    return [_view(row, row.event) for row in reversed(rows) if isinstance(row.event, HandedOver)]


def _view(row: Recorded, handed: HandedOver) -> HandOverView:
    figures = tuple(figures_of(line) for line in handed.figures)
    return HandOverView(row.at.text, handed.giver, handed.taker, handed.since, figures)
