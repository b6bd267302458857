"""What supervisors see of a station over the network: by TLS and after signing in, and nothing that decides."""

import secrets
from functools import partial
from pathlib import Path

from flask import Flask

from web_ui import reach
from web_ui.headers import set_headers
from web_ui.kiosk import errors, frame, local_time
from web_ui.known_devices import KnownDevices
from web_ui.reach import Reach
from web_ui.request_bounds import bound_requests
from web_ui.supervisor import access, events, pages, sign_in
from web_ui.supervisor.services import SupervisorServices
from web_ui.text import LANGUAGES, text

__all__ = ["SupervisorServices", "create_app"]

_ROOM = Path(__file__).parent.parent
_LARGEST_REQUEST = 4096
_HERE_ONLY = Reach(setting="supervisor.hosts in station.toml")


def create_app(services: SupervisorServices, language: str = "zh", reached: Reach = _HERE_ONLY) -> Flask:
    """Frame, templates and scripts are the kiosk's; of its pages none is here.

    :param language: what a browser is shown before somebody has tapped the switch.
    """
    app = Flask(
        __name__,
        template_folder=_ROOM / "templates" / "kiosk",
        static_folder=_ROOM / "static" / "kiosk",
        static_url_path="/static",
    )
    app.secret_key = secrets.token_bytes(32)
    app.config.update(
        # A cookie named so is taken by a browser only over TLS and from this very host.
        SESSION_COOKIE_NAME="__Host-supervisor",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
    )
    app.jinja_env.globals["text_in"] = {known: partial(text, known) for known in LANGUAGES}
    set_headers(app, hsts_days=reached.hsts_days)
    errors.register(app)
    reach.hold_to(app, reached)
    bound_requests(app, _LARGEST_REQUEST)
    access.protect(app, services.door)
    frame.put_around(app, language)
    local_time.register(app, services.zone, services.now)
    devices = KnownDevices("__Host-supervisor_known", secure=True)
    app.register_blueprint(sign_in.blueprint(services.door, sign_in.Attempts(), devices))
    app.register_blueprint(pages.blueprint(services))
    app.register_blueprint(events.blueprint(services))
    return app
