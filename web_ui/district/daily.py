"""A level's tables of a day, as files: /daily.xlsx and so on for people, /api/v1/levels/<path>/daily for programs."""

from datetime import date

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from web_ui.district import downloads
from web_ui.district.access import at_or_beneath
from web_ui.district.errors import problem
from web_ui.district.languages import chosen
from web_ui.district.parameters import BadParameter, known, one_of
from web_ui.district.services import DistrictServices
from web_ui.district.tree import level_asked
from web_ui.request_values import read_day
from web_ui.text import LANGUAGES

TAKES = ("day", "form", "language")
MOST_STATIONS = {"pdf": 300}
"""On paper; a workbook holds them all."""


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("daily", __name__)

    @pages.get("/daily.<form>")
    def download(form: str) -> Response:
        try:
            return _made(level_asked(), form, chosen())
        except LookupError:
            abort(404)

    @pages.get("/api/v1/levels/<path:level>/daily")
    def daily(level: str) -> ResponseReturnValue:
        at_or_beneath(tuple(level.split("/")))
        known(request.args, TAKES)
        form = one_of(request.args, "form", downloads.FORMS, "json")
        language = one_of(request.args, "language", LANGUAGES, "zh")
        try:
            return _made(level, form, language)
        except LookupError as unknown:
            return problem(404, str(unknown), "path")

    def _made(level: str, form: str, language: str) -> Response:
        day = _day()
        report = services.daily(tuple(level.split("/")), day, language, MOST_STATIONS.get(form))
        return downloads.answer(services, report, form, f"daily-{level.rpartition('/')[2]}-{day}")

    def _day() -> date:
        text = request.args.get("day", "")
        day = read_day(text) if text else services.now().astimezone(services.zone).date()
        if day is None:
            raise BadParameter("day", f"day={text[:40]!r} is no date like 2026-03-01")
        return day

    return pages
