"""The station itself on one page: the hub's lists with their age, time, hub, power, cameras, sensors, disk and keys."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from web_ui.kiosk.services import KioskServices, View

DISK_LOW_MB = 500
"""As in bar.js."""


class Known(Protocol):
    """What the page asks of the station, as the kiosk's services say it."""

    @property
    def lanes(self) -> tuple[str, ...]: ...

    @property
    def changes(self) -> Callable[[int, float], tuple[int, Mapping[str, View]]]: ...

    @property
    def parts(self) -> Callable[[], Sequence[View]]: ...


def blueprint(services: KioskServices) -> Blueprint:
    pages = Blueprint("condition", __name__)

    @pages.get("/condition")
    def page() -> ResponseReturnValue:
        return render_template("condition.html", **condition(services))

    return pages


def condition(services: Known) -> dict[str, object]:
    """What conditions.html shows."""
    _, known = services.changes(0, 0.0)
    return {
        "station": known.get("station"),
        "lanes": [known[topic] for lane in services.lanes if (topic := f"lane/{lane}") in known],
        "disk_low": DISK_LOW_MB,
        "parts": services.parts(),
    }
