"""The district's pages: what every station counts, live, and the same as JSON for programs."""

from pathlib import Path

from flask import Flask

from web_ui import reach, status
from web_ui.district import (
    access,
    accounts,
    api,
    audit,
    boards,
    curves,
    daily,
    duty_api,
    errors,
    events,
    frame,
    incidents,
    inspections,
    languages,
    lists,
    login,
    openapi,
    orders,
    places,
    station,
    tables,
    times,
    tokens,
    tree,
    wall,
)
from web_ui.district.services import DistrictServices
from web_ui.headers import set_headers
from web_ui.known_devices import KnownDevices
from web_ui.reach import Reach
from web_ui.request_bounds import bound_requests

__all__ = ["DistrictServices", "Reach", "create_app"]

ROOMS = (
    tree,
    station,
    wall,
    curves,
    tables,
    daily,
    incidents,
    inspections,
    orders,
    lists,
    boards,
    accounts,
    tokens,
    audit,
    events,
    places,
    api,
    duty_api,
    openapi,
)

_ROOM = Path(__file__).parent.parent
_LARGEST_REQUEST = 256 * 1024
_HERE_ONLY = Reach()


def create_app(services: DistrictServices, language: str = "zh", reached: Reach = _HERE_ONLY) -> Flask:
    """:param language: what a browser is shown before somebody has switched."""
    app = Flask(
        __name__,
        template_folder=_ROOM / "templates" / "district",
        static_folder=_ROOM / "static" / "district",
        static_url_path="/static",
    )
    app.secret_key = services.secret_key
    app.config.update(
        languages.set_default(language),
        # A cookie named so is taken by a browser only over TLS and from this very host.
        SESSION_COOKIE_NAME="__Host-district" if reached.tls else "district",
        SESSION_COOKIE_SECURE=reached.tls,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    set_headers(app, hsts_days=reached.hsts_days)
    errors.register(app, services.fault)
    reach.hold_to(app, reached)
    bound_requests(app, _LARGEST_REQUEST)
    access.protect(app, services, reached)
    frame.put_around(app, services.district)
    times.register(app, services.zone)
    devices = KnownDevices("__Host-district_known" if reached.tls else "district_known", reached.tls)
    app.register_blueprint(languages.blueprint())
    app.register_blueprint(login.blueprint(services, login.Attempts(), devices))
    for room in ROOMS:
        app.register_blueprint(room.blueprint(services))
    app.register_blueprint(status.blueprint(services.health, services.metrics))
    return app
