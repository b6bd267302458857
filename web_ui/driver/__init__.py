"""The drivers' page: a board's code opens it on a phone, a declaration comes in, a signed code goes back."""

from functools import partial
from pathlib import Path

from flask import Flask

from station.domain.regions import regions
from web_ui import reach
from web_ui.driver import board, bus, compression, errors, health, languages, start, trip
from web_ui.driver.limits import Limits, Rates
from web_ui.driver.services import DriverServices
from web_ui.headers import set_headers
from web_ui.reach import Reach
from web_ui.request_bounds import bound_requests
from web_ui.text import LANGUAGES, text

__all__ = ["DriverServices", "Limits", "Rates", "create_app"]

_ROOM = Path(__file__).parent.parent
_LARGEST_REQUEST = 16 * 1024
_STATIC_SECONDS = 3600
_HERE_ONLY = Reach(setting="driver.hosts in hub.toml")
# The picture of a code stands in the page itself, so that the page still shows it where there is no reception. An
# address of ours may hold a pass: no other site is told it.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}


def create_app(services: DriverServices, limits: Limits, language: str = "zh", reached: Reach = _HERE_ONLY) -> Flask:
    """:param language: for a phone that asks for neither Chinese nor English."""
    app = Flask(
        __name__,
        template_folder=_ROOM / "templates" / "driver",
        static_folder=_ROOM / "static" / "driver",
        static_url_path="/static",
    )
    app.config.update(SEND_FILE_MAX_AGE_DEFAULT=_STATIC_SECONDS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["text_in"] = {known: partial(text, f"driver.{known}") for known in LANGUAGES}
    app.jinja_env.globals["region_name"] = lambda code, language: regions()[code].names[language]
    compression.compress(app)
    set_headers(app, _HEADERS, reached.hsts_days)
    languages.choose(app, language)
    errors.register(app)
    reach.hold_to(app, reached)
    bound_requests(app, _LARGEST_REQUEST)
    app.register_blueprint(start.blueprint())
    app.register_blueprint(board.blueprint(services, limits))
    app.register_blueprint(bus.blueprint(services, limits))
    app.register_blueprint(trip.blueprint(services, limits))
    app.register_blueprint(health.blueprint(services))
    return app
