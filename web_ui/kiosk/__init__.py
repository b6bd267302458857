"""The station's touchscreen: lanes side by side, live by server-sent events."""

import hashlib
import secrets
from functools import partial
from pathlib import Path

from flask import Flask

from web_ui import reach, status
from web_ui.headers import set_headers
from web_ui.kiosk import (
    aim,
    bay,
    commands,
    condition,
    deliveries,
    errors,
    events,
    frame,
    incidents,
    inspections,
    lanes,
    local_time,
    menu,
    orders,
    register,
    rounds,
    shift,
    today,
)
from web_ui.kiosk.services import KioskServices
from web_ui.reach import Reach
from web_ui.request_bounds import bound_requests
from web_ui.text import LANGUAGES, text

__all__ = ["KioskServices", "create_app"]

_ROOM = Path(__file__).parent.parent
_TEMPLATES, _STATIC = _ROOM / "templates" / "kiosk", _ROOM / "static" / "kiosk"
_LARGEST_REQUEST = 4096
_HERE_ONLY = Reach(setting="kiosk.hosts in station.toml")

# Each is a file with a function ``blueprint(services)``; a page that people go to stands in menu.py as well.
ROOMS = (
    lanes,
    aim,
    commands,
    register,
    bay,
    incidents,
    inspections,
    orders,
    shift,
    rounds,
    deliveries,
    today,
    condition,
    menu,
)


def create_app(services: KioskServices, language: str = "zh", reached: Reach = _HERE_ONLY) -> Flask:
    """:param language: what a screen speaks before somebody has tapped the switch."""
    app = Flask(__name__, template_folder=_TEMPLATES, static_folder=_STATIC, static_url_path="/static")
    app.secret_key = secrets.token_bytes(32)
    app.config.update(
        SESSION_COOKIE_NAME="kiosk_session",
        SESSION_COOKIE_SAMESITE="Strict",
    )
    app.jinja_env.globals["text_in"] = {known: partial(text, known) for known in LANGUAGES}
    set_headers(app)
    errors.register(app)
    reach.hold_to(app, reached)
    bound_requests(app, _LARGEST_REQUEST)
    frame.put_around(app, language)
    local_time.register(app, services.zone, services.now)
    for room in ROOMS:
        app.register_blueprint(room.blueprint(services))
    app.register_blueprint(events.blueprint(services, _version()))
    app.register_blueprint(status.blueprint(services.health, services.metrics))
    return app


def _version() -> str:
    """Changes whenever the screen's own files do, so that a page left open for weeks knows to load anew."""
    digest = hashlib.sha256()
    for folder in (_TEMPLATES, _STATIC, _ROOM / "translations"):
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
