"""Every board that hangs in the district, with its scans and declarations of the local day."""

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from station.domain.tables import Report, Table
from web_ui.district import downloads
from web_ui.district.access import visitor
from web_ui.district.languages import chosen
from web_ui.district.services import DistrictServices, View
from web_ui.text import text

COLUMNS = ("number", "kind", "station", "lane", "position", "scans", "declarations")
TITLES = {"lane": "lane_number"}  # "boards.lane" says which lane, for the page


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("boards", __name__)

    @pages.get("/boards")
    def page() -> ResponseReturnValue:
        return render_template("boards.html", boards=boards_seen(services), forms=downloads.FORMS)

    @pages.get("/boards.<form>")
    def download(form: str) -> Response:
        day = services.now().astimezone(services.zone).date()
        return downloads.answer(services, _report(boards_seen(services), f"{day}"), form, f"boards-{day}")

    return pages


def boards_seen(services: DistrictServices) -> Sequence[View]:
    """Those of stations that the visitor sees; a bus's board belongs to the district as a whole."""
    if visitor().level == (services.district,):
        return services.boards()
    return [board for board in services.boards() if visitor().sees(services.placed(board["station"]))]


def _report(boards: Sequence[View], day: str) -> Report:
    t = partial(text, f"district.{chosen()}")
    columns = tuple(t(f"boards.{TITLES.get(column, column)}") for column in COLUMNS)
    rows = tuple(tuple(board[column] for column in COLUMNS) for board in boards)
    return Report(t("nav.boards"), (day,), (Table(t("nav.boards"), columns, rows),))
