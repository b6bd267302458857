"""Incidents: report one, say more of it, close it. Plain forms; what was sent twice is done once.

A picture of the lane is offered where the policy allows it, and shown to nobody while nobody is signed on.
"""

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from station.domain.events.incidents import LONGEST_TEXT, NO_PHOTO, IncidentKind, Severity
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
        return _page(services)

    @pages.get("/incidents/<incident>")
    def one(incident: str) -> ResponseReturnValue:
        found = next((view for view in services.incidents.listed() if view.id == incident), None)
        if found is None:
            return redirect(url_for("incidents.page"), 303)
        shown = bool(services.shifts.on_duty) and services.incidents.photo(incident) is not None
        choices = {"severities": list(Severity), "on": services.shifts.on_duty, "longest": LONGEST_TEXT}
        return render_template("incident.html", incident=found, shown=shown, no_photo=NO_PHOTO, **choices)

    @pages.get("/incidents/<incident>/photo.jpg")
    def photo(incident: str) -> ResponseReturnValue:
        if not services.shifts.on_duty:
            abort(403, "sign on first: a picture with an incident is for who is on duty")
        jpeg = services.incidents.photo(incident)
        if jpeg is None:
            abort(404, f"incident {incident!r} has no picture, or none any more")
        response = Response(jpeg, mimetype="image/jpeg")
        response.headers["Cache-Control"] = "no-store"
        return response

    @pages.post("/incidents")
    def report() -> ResponseReturnValue:
        form = forms.posted()
        kind = forms.one_of(form, "kind", IncidentKind)
        if kind not in KINDS:
            return _page(services, "incidents.choose")
        severity = forms.one_of(form, "severity", Severity) or USUAL_SEVERITY[kind]
        lane, incident = form.get("lane", ""), forms.drawn(form, "incident", _LONGEST_ID)
        with_photo = services.incidents.with_photos and form.get("photo") == "yes"
        return _carry_out(ReportIncident(incident, kind, severity, lane, _text(form), operator(services), with_photo))

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
        again = partial(_page, services)
        return forms.done(lambda: services.incidents.carry_out(command), url_for("incidents.page"), again)

    return pages


def _page(services: KioskServices, wrong: str = "") -> str:
    return render_template(
        "incidents.html",
        incidents=services.incidents.listed(),
        kinds=KINDS,
        severities=list(Severity),
        lanes=services.lanes,
        on=services.shifts.on_duty,
        incident=forms.draw(),
        longest=LONGEST_TEXT,
        with_photos=services.incidents.with_photos,
        wrong=wrong,
    )


def _text(form: Mapping[str, str]) -> str:
    return forms.line(form, "text", LONGEST_TEXT)
