"""The audit trail, for the district's administrators."""

from collections.abc import Iterator
from functools import partial

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from station.domain.accounts import AuditEntry, Role
from station.domain.tables import Report, Table
from web_ui.district import downloads
from web_ui.district.access import needs, visitor
from web_ui.district.languages import chosen
from web_ui.district.services import DistrictServices
from web_ui.text import text

MOST_IN_FILE = 10_000
COLUMNS = ("at", "who", "action", "detail", "address")


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("audit", __name__)

    @pages.get("/audit")
    @needs(Role.ADMINISTRATOR)
    def page() -> ResponseReturnValue:
        _whole_district()
        who = request.args.get("who", "")
        entries = services.trail.entries(request.args.get("before", ""), who)
        last = entries[-1][0] if entries else ""
        return render_template(
            "audit.html",
            entries=[entry for _, entry in entries],
            who=who,
            last=last,
            zone=services.zone,
            forms=downloads.FORMS,
        )

    @pages.get("/audit.<form>")
    @needs(Role.ADMINISTRATOR)
    def download(form: str) -> ResponseReturnValue:
        _whole_district()
        report = _report(services, list(_newest(request.args.get("who", ""))))
        return downloads.answer(services, report, form, "audit")

    def _whole_district() -> None:
        """Of everybody: so it is for those who have the whole district."""
        if visitor().level != (services.district,):
            abort(403, "the audit trail is for administrators of the whole district")

    def _newest(who: str) -> Iterator[AuditEntry]:
        before, told = "", 0
        while told < MOST_IN_FILE and (entries := services.trail.entries(before, who)):
            yield from (entry for _, entry in entries)
            before, told = entries[-1][0], told + len(entries)

    return pages


def _report(services: DistrictServices, entries: list[AuditEntry]) -> Report:
    t = partial(text, f"district.{chosen()}")
    rows = tuple(
        (
            f"{entry.at.astimezone(services.zone):%Y-%m-%d %H:%M:%S}",
            entry.who or t("audit.nobody"),
            entry.action,
            entry.detail,
            entry.address,
        )
        for entry in entries
    )
    return Report(t("nav.audit"), (), (Table("", tuple(t(f"audit.{name}") for name in COLUMNS), rows),))
