"""Incidents from report through dispatch to closure, with times; what the district does about one is written here."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from station.domain.accounts import Role
from station.domain.district_incidents import LONGEST_NOTE, IncidentRow, NoteStep, UnknownIncident
from station.domain.events.incidents import IncidentKind, Severity
from station.domain.tables import Report, Table
from station.domain.times import parse_time
from web_ui.district import downloads
from web_ui.district.access import narrowed, needs, noted, own_level, visitor
from web_ui.district.languages import chosen
from web_ui.district.places import place_asked
from web_ui.district.services import DistrictServices
from web_ui.district.times import lasted, local
from web_ui.district.tree import level_asked
from web_ui.text import text

PERIODS = ("1", "7", "30", "90")  # days
USUAL_PERIOD = "7"


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("incidents", __name__)

    @pages.get("/incidents")
    def page() -> ResponseReturnValue:
        place = place_asked(services)
        rows = _asked(place.levels)
        return render_template(
            "incidents.html",
            place=place,
            incidents=[(row, _took(row.opened_at, row.closed_at)) for row in rows],
            open=sum(not row.closed_at for row in rows),
            periods=PERIODS,
            period=_period(),
            forms=downloads.FORMS,
            named=known,
        )

    @pages.get("/incidents.<form>")
    def download(form: str) -> Response:
        return downloads.answer(
            services, _report(_asked(level_asked().split("/")), services), form, f"incidents-{_period()}"
        )

    @pages.get("/incidents/<station>/<incident>")
    def one(station: str, incident: str) -> ResponseReturnValue:
        try:
            row, steps = services.incidents.incident(station, incident, own_level(services.district))
        except UnknownIncident:
            abort(404)
        return render_template(
            "incident.html", incident=row, steps=steps, actions=list(NoteStep), longest=LONGEST_NOTE, named=known
        )

    @pages.post("/incidents/<station>/<incident>")
    @needs(Role.DISPATCHER)
    def note(station: str, incident: str) -> ResponseReturnValue:
        given = request.form.get("step", "")
        if given not in tuple(NoteStep):
            abort(400, f"step: one of {', '.join(NoteStep)}")
        step, words = NoteStep(given), " ".join(request.form.get("words", "").split())
        try:
            services.incidents.note(station, incident, step, visitor().name, words, own_level(services.district))
        except UnknownIncident:
            abort(404)
        noted(f"incident.{step}", f"{station} {incident}")
        return redirect(url_for("incidents.one", station=station, incident=incident), 303)

    def _asked(level: Sequence[str]) -> Sequence[IncidentRow]:
        since = services.now() - timedelta(days=int(_period()))
        return services.incidents.incidents(since, narrowed(level, services.district))

    return pages


def known(prefix: str, word: str) -> str:
    """The key of a word's text; a kind that only newer stations know stands under "other"."""
    words = (*IncidentKind, *Severity)
    return f"{prefix}.{word if word in words else 'other'}"


def _period() -> str:
    given = request.args.get("days", USUAL_PERIOD)
    if given not in PERIODS:
        abort(400, "days is none of those on the page")
    return given


def _took(begin: str, end: str) -> int | None:
    return round((parse_time(end) - parse_time(begin)).total_seconds()) if begin and end else None


def _report(rows: Sequence[IncidentRow], services: DistrictServices) -> Report:
    t, at = partial(text, f"district.{chosen()}"), partial(local, zone=services.zone)
    names = ("station", "name", "lane", "kind", "severity", "words", "opened", "dispatched", "closed")
    columns = tuple(t(f"incidents.{name}") for name in (*names, "to_dispatch", "to_closure"))
    cells = tuple(
        (
            row.station,
            row.name,
            row.lane,
            t(known("incident", row.kind)),
            t(known("severity", row.severity)),
            row.words,
            *(at(time) for time in (row.opened_at, row.dispatched_at, row.closed_at)),
            lasted(_took(row.opened_at, row.dispatched_at)),
            lasted(_took(row.opened_at, row.closed_at)),
        )
        for row in rows
    )
    return Report(t("nav.incidents"), (), (Table("", columns, cells),))
