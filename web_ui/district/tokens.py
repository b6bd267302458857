"""The page of API tokens: what programs read the API with."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from station.domain.accounts import AccountRefusal, AccountRefused, Role
from web_ui.district.access import by, needs, visitor
from web_ui.district.accounts import role_and_level
from web_ui.district.services import DistrictServices

LIVES = (30, 90, 365)  # days
_LONGEST_LABEL = 40


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("tokens", __name__)

    @pages.get("/tokens")
    @needs(Role.SUPERVISOR)
    def page() -> ResponseReturnValue:
        return _page()

    @pages.post("/tokens")
    @needs(Role.SUPERVISOR)
    def make() -> ResponseReturnValue:
        form = request.form
        label, days = form.get("label", "").strip(), form.get("days", "")
        try:
            if not label or len(label) > _LONGEST_LABEL or not label.isprintable() or days not in map(str, LIVES):
                raise AccountRefused(AccountRefusal.NAME)
            role, level = role_and_level(form.get("role", ""), form.get("level", ""))
            told = services.tokens.make(label, role, level, int(days), by())
        except AccountRefused as refused:
            return _page(wrong=refused.why), 422
        return _page(told=told)

    @pages.post("/tokens/<token_id>/revoke")
    @needs(Role.SUPERVISOR)
    def revoke(token_id: str) -> ResponseReturnValue:
        if any(token.id == token_id for token in services.tokens.beneath(visitor().level)):
            services.tokens.revoke(token_id, by())
        return redirect(url_for("tokens.page"), 303)

    def _page(wrong: AccountRefusal | None = None, told: str = "") -> str:
        tokens = services.tokens.beneath(visitor().level)
        return render_template(
            "tokens.html", tokens=tokens, wrong=wrong, told=told, lives=LIVES, zone=services.zone, now=services.now()
        )

    return pages
