"""Logging in and out, and one's own password."""

import math
import time
from collections.abc import Callable

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from station.domain.accounts import AccountRefusal, AccountRefused
from web_ui.connections import network_of_address
from web_ui.district.access import LOGIN, ask_to_log_in, by, visitor
from web_ui.district.services import DistrictServices
from web_ui.known_devices import KnownDevices
from web_ui.redirects import own_path, see_other
from web_ui.throttle import Throttle

WINDOW_SECONDS = 900.0
FROM_ONE_ADDRESS_FOR_ONE_ACCOUNT, FOR_ONE_ACCOUNT, FROM_ONE_ADDRESS = 5, 50, 100
FROM_ONE_DEVICE = 10
_LONGEST_NAME = 64


class Attempts:
    """So many wrong passwords in a quarter of an hour. One network is stopped early for one account; the account from
    everywhere late. A browser that its owner has logged in with before is counted by itself, so that a stranger who
    tries, from however many networks or from the owner's own, does not lock the owner out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._both = Throttle(FROM_ONE_ADDRESS_FOR_ONE_ACCOUNT, clock, WINDOW_SECONDS)
        self._account = Throttle(FOR_ONE_ACCOUNT, clock, WINDOW_SECONDS)
        self._address = Throttle(FROM_ONE_ADDRESS, clock, WINDOW_SECONDS)
        self._device = Throttle(FROM_ONE_DEVICE, clock, WINDOW_SECONDS)

    def wait(self, name: str, address: str, device: str = "") -> float:
        """:param device: the browser, if it is known for this name.
        :return: 0 if it may be tried now, which is counted; else the seconds until it may.
        """
        if device:
            return self._device.wait(f"{name} {device}")
        return self._both.wait(f"{name} {address}") or self._address.wait(address) or self._account.wait(name)

    def succeeded(self, name: str, address: str, device: str = "") -> None:
        """The right password does not count."""
        if device:
            self._device.give_back(f"{name} {device}")
            return
        self._both.give_back(f"{name} {address}")
        self._address.give_back(address)
        self._account.give_back(name)


def blueprint(services: DistrictServices, attempts: Attempts, devices: KnownDevices) -> Blueprint:
    pages = Blueprint("login", __name__)

    @pages.get("/login")
    def form() -> ResponseReturnValue:
        return _form(own_path(request.args.get("next", "")))

    @pages.post("/login")
    def log_in() -> ResponseReturnValue:
        wanted = own_path(request.form.get("next", ""))
        name = request.form.get("name", "").strip().lower()[:_LONGEST_NAME]
        who = (name, network_of_address(g.address), devices.device_of(name))
        wait = attempts.wait(*who)
        if wait:
            return _form(wanted, name, wait=wait), 429, {"Retry-After": str(math.ceil(wait))}
        try:
            secret = services.sessions.log_in(name, request.form.get("password", ""), g.address)
        except AccountRefused as refused:
            return _form(wanted, name, refused.why), 403
        attempts.succeeded(*who)
        session.clear()  # nothing that was agreed before the login is worth anything after it
        session[LOGIN] = secret
        return devices.remember(see_other(wanted, url_for("tree.page")), name)

    @pages.post("/logout")
    def log_out() -> ResponseReturnValue:
        if LOGIN in session:
            services.sessions.log_out(session[LOGIN], by())
        session.clear()
        return redirect(url_for("login.form"), 303)

    @pages.get("/password")
    def password() -> ResponseReturnValue:
        return render_template("password.html") if visitor().name else ask_to_log_in()

    @pages.post("/password")
    def change_password() -> ResponseReturnValue:
        if not visitor().name:
            return ask_to_log_in()
        name, new = visitor().name, request.form.get("new", "")
        if new != request.form.get("again", ""):
            return render_template("password.html", wrong="again"), 422
        who = (name, network_of_address(g.address), devices.device_of(name))
        wait = attempts.wait(*who)
        if wait:
            return render_template("password.html", wait=wait), 429, {"Retry-After": str(math.ceil(wait))}
        try:
            services.accounts.change_password(name, request.form.get("old", ""), new, by())
        except AccountRefused as refused:
            return render_template("password.html", wrong=refused.why), 422
        attempts.succeeded(*who)
        session.clear()
        session[LOGIN] = services.sessions.log_in(name, new, g.address)
        return redirect(url_for("tree.page"), 303)

    return pages


def _form(wanted: str, name: str = "", wrong: AccountRefusal | None = None, wait: float = 0.0) -> str:
    return render_template("login.html", wanted=wanted, name=name, wrong=wrong, minutes=math.ceil(wait / 60))
