"""Inspections: visits that go on, what is found, the notice that asks for a remedy, and its closure. Plain forms."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from station.domain.events.incidents import LONGEST_TEXT, Severity
from station.domain.events.inspections import FindingKind
from station.domain.inspections import (
    LONGEST_ID,
    MOST_IN_NOTICE,
    BeginVisit,
    CloseFinding,
    EndVisit,
    InspectionCommand,
    ServeNotice,
    WriteFinding,
)
from web_ui.kiosk import forms
from web_ui.kiosk.services import KioskServices
from web_ui.kiosk.signed_on import operator
from web_ui.request_values import read_day

FINDING, NOTICE, END = "finding", "notice", "end"
"""The parts of a visit's page, each a form that fits the screen."""
REMEDY_DAYS = (1, 3, 7, 15, 30)
_LONGEST_NUMBER = 20
_OFFERED: Final[Mapping[str, Any]] = {
    "kinds": tuple(FindingKind),
    "severities": tuple(Severity),
    "most": MOST_IN_NOTICE,
}


def blueprint(services: KioskServices) -> Blueprint:
    pages = Blueprint("inspections", __name__)
    inspections = services.inspections

    @pages.get("/inspections")
    def page() -> ResponseReturnValue:
        return _page(services)

    @pages.get("/inspections/<inspection>", defaults={"part": FINDING})
    @pages.get(f"/inspections/<inspection>/<any({FINDING}, {NOTICE}, {END}):part>")
    def visit(inspection: str, part: str) -> ResponseReturnValue:
        return _visit(services, inspection, part)

    @pages.get("/inspections/findings/<finding>")
    def finding(finding: str) -> ResponseReturnValue:
        found = next((one for one in inspections.findings() if one.id == finding), None)
        if found is None:
            return redirect(url_for("inspections.page"), 303)
        return _shown(services, "finding.html", finding=found)

    @pages.post("/inspections")
    def begin() -> ResponseReturnValue:
        form = forms.posted()
        number = form.get("number", "").strip()[:_LONGEST_NUMBER]
        if not number:
            return _page(services, "inspections.wrong.number"), 400
        return _carry_out(BeginVisit(_drawn(form), number, operator(services)))

    @pages.post("/inspections/<inspection>/findings")
    def write(inspection: str) -> ResponseReturnValue:
        form = forms.posted()
        kind, severity = forms.one_of(form, "kind", FindingKind), forms.one_of(form, "severity", Severity)
        if kind is None or severity is None:
            return _visit(services, inspection, FINDING, "inspections.wrong.finding")
        made = WriteFinding(_drawn(form), inspection, kind, severity, _text(form), operator(services))
        return _carry_out(made, inspection)

    @pages.post("/inspections/<inspection>/notices")
    def serve(inspection: str) -> ResponseReturnValue:
        form, listed, due = forms.posted(), tuple(request.form.getlist("finding")), _day(request.form.get("due", ""))
        if not 0 < len(listed) <= MOST_IN_NOTICE or not due:
            return _visit(services, inspection, NOTICE, "inspections.wrong.notice")
        served = ServeNotice(_drawn(form), inspection, listed, _text(form), due, operator(services))
        return _carry_out(served, inspection)

    @pages.post("/inspections/<inspection>/end")
    def end(inspection: str) -> ResponseReturnValue:
        forms.posted()
        return _carry_out(EndVisit(inspection, operator(services)))

    @pages.post("/inspections/findings/<finding>")
    def close(finding: str) -> ResponseReturnValue:
        return _carry_out(CloseFinding(finding, _text(forms.posted()), operator(services)))

    def _carry_out(command: InspectionCommand, inspection: str = "") -> ResponseReturnValue:
        back = url_for("inspections.visit", inspection=inspection) if inspection else url_for("inspections.page")
        return forms.done(lambda: inspections.carry_out(command), back, partial(_page, services))

    return pages


def _page(services: KioskServices, wrong: str = "") -> str:
    visits, findings = services.inspections.visits(), services.inspections.findings()
    return _shown(services, "inspections.html", visits=visits, findings=findings, wrong=wrong)


def _visit(services: KioskServices, inspection: str, part: str, wrong: str = "") -> ResponseReturnValue:
    found = next((one for one in services.inspections.visits() if one.id == inspection), None)
    if found is None:
        return _page(services, "inspections.wrong.ended"), 404
    offered = {"findings": services.inspections.findings(), "remedy": _remedy_days(services), **_OFFERED}
    shown = _shown(services, "inspection.html", visit=found, part=part, wrong=wrong, **offered)
    return shown, 400 if wrong else 200


def _shown(services: KioskServices, template: str, **values: Any) -> str:
    return render_template(template, on=services.shifts.on_duty, draw=forms.draw, longest=LONGEST_TEXT, **values)


def _remedy_days(services: KioskServices) -> Sequence[tuple[int, date]]:
    today = services.now().astimezone(services.zone).date()
    return [(days, today + timedelta(days=days)) for days in REMEDY_DAYS]


def _day(given: str) -> str:
    """YYYY-MM-DD; empty for what is none."""
    day = read_day(given)
    return day.isoformat() if day is not None else ""


def _drawn(form: Mapping[str, str]) -> str:
    return forms.drawn(form, "drawn", LONGEST_ID)


def _text(form: Mapping[str, str]) -> str:
    return forms.line(form, "text", LONGEST_TEXT)
