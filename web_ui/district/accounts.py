"""The administrators' page of accounts: those at and beneath their own level."""

import secrets

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from station.domain.accounts import Account, AccountRefusal, AccountRefused, Role
from web_ui.district.access import by, needs, visitor
from web_ui.district.services import DistrictServices, Level

_FIRST_PASSWORD_BYTES = 12


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("accounts", __name__)

    @pages.get("/accounts")
    @needs(Role.ADMINISTRATOR)
    def page() -> ResponseReturnValue:
        return _page()

    @pages.post("/accounts")
    @needs(Role.ADMINISTRATOR)
    def add() -> ResponseReturnValue:
        form, first = request.form, secrets.token_urlsafe(_FIRST_PASSWORD_BYTES)
        try:
            role, level = role_and_level(form.get("role", ""), form.get("level", ""))
            services.accounts.add(form.get("name", ""), first, role, level, by())
        except AccountRefused as refused:
            return _page(wrong=refused.why), 422
        return _page(told=(form["name"].strip().lower(), first))

    @pages.post("/accounts/<name>/<any(password, disable, enable):action>")
    @needs(Role.ADMINISTRATOR)
    def change(name: str, action: str) -> ResponseReturnValue:
        first = secrets.token_urlsafe(_FIRST_PASSWORD_BYTES)
        try:
            _beneath(name)
            match action:
                case "password":
                    services.accounts.reset_password(name, first, by())
                    return _page(told=(name, first))
                case "disable":
                    services.accounts.disable(name, by())
                case _:
                    services.accounts.enable(name, by())
        except AccountRefused as refused:
            return _page(wrong=refused.why), 422
        return redirect(url_for("accounts.page"), 303)

    def _beneath(name: str) -> Account:
        """:raises AccountRefused: the visitor knows of no such account."""
        for account in services.accounts.beneath(visitor().level):
            if account.name == name:
                return account
        raise AccountRefused(AccountRefusal.UNKNOWN)

    def _page(wrong: AccountRefusal | None = None, told: tuple[str, str] | None = None) -> str:
        accounts = services.accounts.beneath(visitor().level)
        return render_template("accounts.html", accounts=accounts, wrong=wrong, told=told, zone=services.zone)

    return pages


def role_and_level(role: str, level: str) -> tuple[Role, Level]:
    """What a form gives, for an account or a token.

    :raises AccountRefused: it is more than the visitor has.
    """
    names = tuple(name for name in level.strip().split("/") if name)
    if role not in list(Role) or not visitor().may_give(Role(role), names):
        raise AccountRefused(AccountRefusal.BEYOND)
    return Role(role), names
