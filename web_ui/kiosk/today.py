"""The board of the day: passages by hour and lane, large enough to be read from two metres."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from station.domain.rounds import HourCounts
from web_ui.kiosk.services import KioskServices

PLOT_WIDTH, PLOT_HEIGHT = 960, 300
OUTCOMES = ("granted", "held", "denied")
_LEAST_HOURS = 8  # a day that has just begun is not one broad bar


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar, from the top of the plot, in its own units."""

    outcome: str
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    hour: int
    lane: str
    total: int
    x: float
    width: float
    pieces: tuple[Piece, ...]


def blueprint(services: KioskServices) -> Blueprint:
    pages = Blueprint("today", __name__)

    @pages.get("/today")
    def page() -> ResponseReturnValue:
        return render_template(
            "today.html", **board(services.hours(), services.lanes, services.now().astimezone(services.zone))
        )

    return pages


def board(counts: Sequence[HourCounts], lanes: Sequence[str], now: datetime) -> dict[str, object]:
    """What board.html shows. :param now: in the station's zone."""
    return {
        "bars": bars(counts, lanes, now.hour),
        "lanes": lanes,
        "totals": {outcome: sum(getattr(one, outcome) for one in counts) for outcome in OUTCOMES},
        "width": PLOT_WIDTH,
        "height": PLOT_HEIGHT,
        "day": now.date().isoformat(),
    }


def bars(counts: Sequence[HourCounts], lanes: Sequence[str], hour: int) -> list[Bar]:
    """One bar for every lane in every hour up to now, and beyond it where a clock that went fast has counted; the
    highest fills the plot."""
    known = {(one.hour, one.lane): one for one in counts}
    counted = [one.hour for one in counts]
    first, last = min([hour - _LEAST_HOURS + 1, *counted]), max([hour, _LEAST_HOURS - 1, *counted])
    hours = range(max(0, first), last + 1)
    highest = max((_total(one) for one in counts), default=0) or 1
    apart, width = PLOT_WIDTH / len(hours), PLOT_WIDTH / len(hours) * 0.84 / len(lanes)
    found = []
    for at in hours:
        for place, lane in enumerate(lanes):
            one = known.get((at, lane), HourCounts(lane, at, 0, 0, 0))
            x = (at - hours[0]) * apart + place * width
            found.append(Bar(at, lane, _total(one), round(x, 1), round(width * 0.92, 1), _pieces(one, highest)))
    return found


def _total(one: HourCounts) -> int:
    return one.granted + one.held + one.denied


def _pieces(one: HourCounts, highest: int) -> tuple[Piece, ...]:
    """Granted at the foot, what was turned away on top."""
    top, pieces = float(PLOT_HEIGHT), []
    for outcome in OUTCOMES:
        height = round(getattr(one, outcome) / highest * PLOT_HEIGHT, 1)
        top -= height
        if height:
            pieces.append(Piece(outcome, round(top, 1), height))
    return tuple(pieces)
