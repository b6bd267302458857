"""The audit trail, for the district's administrators."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from station.domain.accounts import Role
from web_ui.district.access import needs, visitor
from web_ui.district.services import DistrictServices


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("audit", __name__)

    @pages.get("/audit")
    @needs(Role.ADMINISTRATOR)
    def page() -> ResponseReturnValue:
        """Of everybody: so it is for those who have the whole district."""
        if visitor().level != (services.district,):
            abort(403, "the audit trail is for administrators of the whole district")
        who = request.args.get("who", "")
        entries = services.trail.entries(request.args.get("before", ""), who)
        last = entries[-1][0] if entries else ""
        return render_template(
            "audit.html", entries=[entry for _, entry in entries], who=who, last=last, zone=services.zone
        )

    return pages
