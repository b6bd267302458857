"""Every board that hangs in the district, with its scans and declarations of the local day."""

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from station.domain.tables import Report, Table
from web_ui.district import downloads
from web_ui.district.access import narrowed
from web_ui.district.languages import chosen
from web_ui.district.places import place_asked
from web_ui.district.services import DistrictServices, Level, View
from web_ui.district.tree import level_asked
from web_ui.text import text

COLUMNS = ("number", "kind", "station", "lane", "position", "scans", "declarations")
TITLES = {"lane": "lane_number"}  # "boards.lane" says which lane, for the page


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("boards", __name__)

    @pages.get("/boards")
    def page() -> ResponseReturnValue:
        place = place_asked(services)
        shown = boards_seen(services, place.levels)
        return render_template("boards.html", place=place, boards=shown, forms=downloads.FORMS)

    @pages.get("/boards.<form>")
    def download(form: str) -> Response:
        day = services.now().astimezone(services.zone).date()
        shown = boards_seen(services, level_asked().split("/"))
        return downloads.answer(services, _report(shown, f"{day}"), form, f"boards-{day}")

    return pages


def boards_seen(services: DistrictServices, level: Sequence[str]) -> Sequence[View]:
    """Those of stations at or beneath a level; a bus's board belongs to the district as a whole."""
    within = narrowed(level, services.district)
    return [board for board in services.boards() if _stands(services, board, within)]


def _stands(services: DistrictServices, board: View, within: Level) -> bool:
    return not within or services.placed(board["station"])[: len(within)] == within


def _report(boards: Sequence[View], day: str) -> Report:
    t = partial(text, f"district.{chosen()}")
    columns = tuple(t(f"boards.{TITLES.get(column, column)}") for column in COLUMNS)
    rows = tuple(tuple(board[column] for column in COLUMNS) for board in boards)
    return Report(t("nav.boards"), (day,), (Table(t("nav.boards"), columns, rows),))
