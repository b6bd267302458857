"""The tables of a day that the district asks for each evening, for any level, on the screen and as files."""

from collections.abc import Iterable, Iterator
from functools import partial

from flask import Blueprint, abort, request, stream_template
from flask.typing import ResponseReturnValue

from web_ui import guard
from web_ui.district import downloads
from web_ui.district.languages import chosen
from web_ui.district.places import place_asked
from web_ui.district.services import DistrictServices
from web_ui.request_values import read_day

MOST_STATIONS = 50
"""On the screen; the files hold more."""
FROM_HERE_ON = "<!-- the tables -->"


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("tables", __name__)

    @pages.get("/tables")
    def page() -> ResponseReturnValue:
        """A large district's tables take a moment: what stands above them is sent ahead."""
        place, today = place_asked(services), services.now().astimezone(services.zone).date()
        day = read_day(request.args["day"]) if request.args.get("day") else today
        if day is None:
            abort(400, "day is a date like 2026-03-01")
        guard.token()  # its cookie goes out with the headers
        made = partial(services.daily, place.levels, day, chosen(), MOST_STATIONS)
        shown = {"place": place, "day": day, "today": today, "made": made, "forms": downloads.FORMS}
        return _in_two(stream_template("tables.html", **shown)), {"Content-Type": "text/html; charset=utf-8"}

    return pages


def _in_two(pieces: Iterable[str]) -> Iterator[str]:
    """The page up to the tables, and the rest."""
    held: list[str] = []
    for piece in pieces:
        held.append(piece)
        if FROM_HERE_ON in piece:
            yield "".join(held)
            held.clear()
    yield "".join(held)
