"""Inspections: which visits there were, what is overdue, and checks, problems, notices and closures by month."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from station.domain.district_inspections import InspectionRow, MonthRow, UnknownInspection
from station.domain.events.incidents import Severity
from station.domain.events.inspections import FindingKind
from station.domain.tables import Report, Table
from web_ui.district import downloads
from web_ui.district.access import narrowed, own_level
from web_ui.district.languages import chosen
from web_ui.district.places import place_asked
from web_ui.district.services import DistrictServices
from web_ui.district.times import local
from web_ui.district.tree import level_asked
from web_ui.text import text

PERIODS = ("7", "30", "90")  # days
USUAL_PERIOD = "30"
MOST_SHOWN = 200
VISIT_COLUMNS = ("station", "name", "lane", "began", "ended", "findings", "open_findings", "notices", "due", "overdue")
MONTH_COLUMNS = ("month", "checks", "problems", "notices", "closures")


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("inspections", __name__)

    @pages.get("/inspections")
    def page() -> ResponseReturnValue:
        place = place_asked(services)
        rows = _asked(place.levels)
        return render_template(
            "inspections.html",
            place=place,
            inspections=rows[:MOST_SHOWN],
            total=len(rows),
            overdue=sum(row.overdue for row in rows),
            months=services.inspections.months(narrowed(place.levels, services.district)),
            month_columns=MONTH_COLUMNS,
            periods=PERIODS,
            period=_period(),
            forms=downloads.FORMS,
        )

    @pages.get("/inspections.<form>")
    def download(form: str) -> Response:
        level = level_asked().split("/")
        months = services.inspections.months(narrowed(level, services.district))
        return downloads.answer(services, _report(_asked(level), months, services), form, f"inspections-{_period()}")

    @pages.get("/inspections/<station>/<inspection>")
    def one(station: str, inspection: str) -> ResponseReturnValue:
        try:
            row, findings, notices = services.inspections.inspection(station, inspection, own_level(services.district))
        except UnknownInspection:
            abort(404)
        return render_template("inspection.html", inspection=row, findings=findings, notices=notices, named=known)

    def _asked(level: Sequence[str]) -> Sequence[InspectionRow]:
        since = services.now() - timedelta(days=int(_period()))
        return services.inspections.inspections(since, narrowed(level, services.district))

    return pages


def known(prefix: str, word: str) -> str:
    """The key of a word's text; a kind that only newer stations know stands under "other"."""
    words = (*FindingKind, *Severity)
    return f"{prefix}.{word if word in words else 'other'}"


def _period() -> str:
    given = request.args.get("days", USUAL_PERIOD)
    if given not in PERIODS:
        abort(400, "days is none of those on the page")
    return given


def _report(rows: Sequence[InspectionRow], months: Sequence[MonthRow], services: DistrictServices) -> Report:
    t, at = partial(text, f"district.{chosen()}"), partial(local, zone=services.zone)
    visits = tuple(
        (
            *(row.station, row.name, row.lane, at(row.began_at), at(row.ended_at)),
            *(row.findings, row.open_findings, row.notices, row.due),
            t("inspections.yes") if row.overdue else "",
        )
        for row in rows
    )
    counts = tuple((one.month, one.checks, one.problems, one.notices, one.closures) for one in months)
    tables = (
        Table(t("inspections.list"), tuple(t(f"inspections.{name}") for name in VISIT_COLUMNS), visits),
        Table(t("inspections.months"), tuple(t(f"inspections.{name}") for name in MONTH_COLUMNS), counts),
    )
    return Report(t("nav.inspections"), (), tables)
