"""Incidents: report one, say more of it, close it. Plain forms; what was sent twice is done once."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from station.domain.events.incidents import LONGEST_TEXT, IncidentKind, Severity
from station.domain.incidents import (
    USUAL_SEVERITY,
    CloseIncident,
    IncidentCommand,
    ReportIncident,
    UpdateIncident,
)
from web_ui.kiosk import forms
from web_ui.kiosk.services import KioskServices
from web_ui.kiosk.signed_on import operator

KINDS = tuple(kind for kind in IncidentKind if kind is not IncidentKind.UNMATCHED)  # that one the station reports
_LONGEST_ID = 40


def blueprint(services: KioskServices) -> Blueprint:
    pages = Blueprint("incidents", __name__)

    @pages.get("/incidents")
    def page() -> ResponseReturnValue:
        return _page()

    @pages.get("/incidents/<incident>")
    def one(incident: str) -> ResponseReturnValue:
        found = next((view for view in services.incidents.listed() if view.id == incident), None)
        if found is None:
            return redirect(url_for("incidents.page"), 303)
        choices = {"severities": list(Severity), "on": services.shifts.on_duty, "longest": LONGEST_TEXT}
        return render_template("incident.html", incident=found, **choices)

    @pages.post("/incidents")
    def report() -> ResponseReturnValue:
        form = forms.posted()
        kind = forms.one_of(form, "kind", IncidentKind)
        if kind not in KINDS:
            return _page("incidents.choose")
        severity = forms.one_of(form, "severity", Severity) or USUAL_SEVERITY[kind]
        lane, incident = form.get("lane", ""), forms.drawn(form, "incident", _LONGEST_ID)
        return _carry_out(ReportIncident(incident, kind, severity, lane, _text(form), operator(services)))

    @pages.post("/incidents/<incident>")
    def change(incident: str) -> ResponseReturnValue:
        form = forms.posted()
        if form.get("do") == "close":
            return _carry_out(CloseIncident(incident, _text(form), operator(services)))
        severity = forms.one_of(form, "severity", Severity)
        if severity is None:
            abort(400, f"severity: one of {', '.join(Severity)}")
        return _carry_out(UpdateIncident(incident, severity, _text(form), operator(services)))

    def _carry_out(command: IncidentCommand) -> ResponseReturnValue:
        return forms.done(lambda: services.incidents.carry_out(command), url_for("incidents.page"), _page)

    def _page(wrong: str = "") -> str:
        return render_template(
            "incidents.html",
            incidents=services.incidents.listed(),
            kinds=KINDS,
            severities=list(Severity),
            lanes=services.lanes,
            on=services.shifts.on_duty,
            incident=forms.draw(),
            longest=LONGEST_TEXT,
            wrong=wrong,
        )

    return pages


def _text(form: Mapping[str, str]) -> str:
    return forms.line(form, "text", LONGEST_TEXT)
