"""Signing in with number and PIN, and out again."""

import math
import time
from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from station.domain.supervision import SignInRefusal, SignInRefused
from web_ui.known_devices import KnownDevices
from web_ui.supervisor.access import SIGN_IN
from web_ui.supervisor.services import Door
from web_ui.throttle import Throttle, address_of, network_of

HOUR, DAY = 3600.0, 24 * 3600.0
FROM_ONE_ADDRESS_FOR_ONE_NUMBER, FOR_ONE_NUMBER = 20, 60
FROM_ONE_DEVICE = 20
"""A day. A PIN is short: what an hour allows a password would find one in weeks."""
FROM_ONE_ADDRESS, IN_ALL = 60, 120
"""An hour. Each try costs the station a hash and the ledger a row."""
_LONGEST_NUMBER, _LONGEST_PIN = 20, 8


class Attempts:
    """So many wrong PINs. One network is stopped early for one number; the number from everywhere late. A browser that
    its owner has signed in with before is counted by itself, so that a stranger who tries, be it from the same network,
    does not lock the owner out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._both = Throttle(FROM_ONE_ADDRESS_FOR_ONE_NUMBER, clock, DAY)
        self._number = Throttle(FOR_ONE_NUMBER, clock, DAY)
        self._address = Throttle(FROM_ONE_ADDRESS, clock, HOUR)
        self._all = Throttle(IN_ALL, clock, HOUR)
        self._device = Throttle(FROM_ONE_DEVICE, clock, DAY)

    def wait(self, number: str, address: str, device: str = "") -> float:
        """:param device: the browser, if it is known for this number.
        :return: 0 if it may be tried now, which is counted; else the seconds until it may.
        """
        if device:
            return self._device.wait(f"{number} {device}")
        return (
            self._both.wait(f"{number} {address}")
            or self._address.wait(address)
            or self._number.wait(number)
            or self._all.wait("")
        )

    def give_back(self, number: str, address: str, device: str = "") -> None:
        """The right PIN does not count, nor one that nobody has looked at."""
        if device:
            self._device.give_back(f"{number} {device}")
            return
        self._both.give_back(f"{number} {address}")
        self._address.give_back(address)
        self._number.give_back(number)
        self._all.give_back("")


def blueprint(door: Door, attempts: Attempts, devices: KnownDevices) -> Blueprint:
    pages = Blueprint("sign_in", __name__)

    @pages.get("/sign-in")
    def form() -> ResponseReturnValue:
        return _form()

    @pages.post("/sign-in")
    def sign_in() -> ResponseReturnValue:
        number = request.form.get("number", "").strip()[:_LONGEST_NUMBER]
        who = (number, network_of(request, ()), devices.device_of(number))
        wait = attempts.wait(*who)
        if wait:
            return _form("supervisor.wait", wait), 429, {"Retry-After": str(math.ceil(wait))}
        try:
            pin = request.form.get("pin", "")[: _LONGEST_PIN + 1]
            secret = door.sign_in(number, pin, address_of(request, ()))
        except SignInRefused as refused:
            unavailable = refused.why is SignInRefusal.UNAVAILABLE
            if unavailable:
                attempts.give_back(*who)
            return _form(f"supervisor.refused.{refused.why}"), 503 if unavailable else 403
        attempts.give_back(*who)
        session.clear()  # nothing that was agreed before signing in is worth anything after it
        session[SIGN_IN] = secret
        return devices.remember(redirect(url_for("pages.lanes"), 303), number)

    @pages.post("/sign-out")
    def sign_out() -> ResponseReturnValue:
        secret = session.get(SIGN_IN, "")
        session.clear()
        try:
            door.sign_out(secret)
        except SignInRefused as refused:
            return _form(f"supervisor.refused.{refused.why}"), 409
        return redirect(url_for("sign_in.form"), 303)

    return pages


def _form(wrong: str = "", wait: float = 0.0) -> str:
    return render_template("sign_in.html", wrong=wrong, minutes=math.ceil(wait / 60))
