"""The district's pages: what every station counts, live, and the same as JSON for programs."""

from functools import partial
from pathlib import Path

from flask import Flask

from web_ui import status
from web_ui.district import access, api, errors, events, openapi, page
from web_ui.district.services import DistrictServices
from web_ui.headers import set_headers
from web_ui.text import LANGUAGES, text

__all__ = ["DistrictServices", "create_app"]

_ROOM = Path(__file__).parent.parent


def create_app(services: DistrictServices, language: str = "zh") -> Flask:
    """:param language: what a browser is shown before somebody has switched."""
    app = Flask(
        __name__,
        template_folder=_ROOM / "templates" / "district",
        static_folder=_ROOM / "static" / "district",
        static_url_path="/static",
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.globals["text_in"] = {known: partial(text, f"district.{known}") for known in LANGUAGES}
    set_headers(app)
    access.protect(app, services.anonymous_read, language)
    errors.register(app, language)
    app.register_blueprint(page.blueprint(services, language))
    app.register_blueprint(events.blueprint(services))
    app.register_blueprint(api.blueprint(services))
    app.register_blueprint(openapi.blueprint(services))
    app.register_blueprint(status.blueprint(services.health, services.metrics))
    return app
