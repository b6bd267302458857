"""Curves over hours and days: what passed at a level, by lane, kind, origin and outcome, and beside it the same days
of the week before."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from station.domain.tables import Report
from web_ui.district import downloads
from web_ui.district.languages import chosen
from web_ui.district.places import place_asked
from web_ui.district.series import MEASURES, Curve, curve_of, named, table_of
from web_ui.district.services import DistrictServices
from web_ui.district.tree import level_asked
from web_ui.request_values import read_day
from web_ui.text import text

PERIODS = {"1": "hour", "7": "hour", "30": "day", "90": "day"}
"""How many days, to how fine a step."""
SPLITS = ("", "kind", "origin", "outcome", "lane")


@dataclass(frozen=True, slots=True)
class Asked:
    path: str
    last: date
    days: str
    split: str
    measure: str


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("curves", __name__)

    @pages.get("/curves")
    def page() -> ResponseReturnValue:
        place = place_asked(services)
        asked = _asked(place.here.path)
        choices = {"periods": PERIODS, "splits": SPLITS, "measures": MEASURES, "forms": downloads.FORMS}
        return render_template("curves.html", place=place, asked=asked, found=_found(asked), today=_today(), **choices)

    @pages.get("/curves/data")
    def data() -> ResponseReturnValue:
        return jsonify(_found(_asked(level_asked())))

    @pages.get("/curves.<form>")
    def download(form: str) -> Response:
        asked = _asked(level_asked())
        return downloads.answer(services, _report(asked, _found(asked)), form, f"curves-{asked.last}")

    def _today() -> date:
        return services.now().astimezone(services.zone).date()

    def _asked(path: str) -> Asked:
        given = request.args
        last = read_day(given["day"]) if given.get("day") else _today()
        if last is None:
            abort(400, "day is a date like 2026-03-01")
        days, split, measure = given.get("days", "1"), given.get("by", ""), given.get("measure", MEASURES[0])
        if days not in PERIODS or split not in SPLITS or measure not in MEASURES:
            abort(400, "days, by or measure is none of those on the page")
        return Asked(path, last, days, split, measure)

    def _found(asked: Asked) -> Curve:
        begin = datetime.combine(asked.last - timedelta(days=int(asked.days) - 1), time(), services.zone)
        end = datetime.combine(asked.last + timedelta(days=1), time(), services.zone)
        step = PERIODS[asked.days]
        try:
            both = services.beside(tuple(asked.path.split("/")), begin, end, step, asked.split)
        except LookupError:
            abort(404)
        return named(curve_of(both, begin, end, step, asked.split, asked.measure), chosen())

    return pages


def _report(asked: Asked, curve: Curve) -> Report:
    t = partial(text, f"district.{chosen()}")
    title = f"{asked.path}: {t('nav.curves')}"
    first = asked.last - timedelta(days=int(asked.days) - 1)
    table = table_of(curve, t(f"count.{curve['measure']}"), t(f"curves.{curve['step']}"), t("curves.week_before"))
    return Report(title, (f"{first} – {asked.last}",), (table,))
