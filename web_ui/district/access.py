"""Who may read."""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

from web_ui.district.errors import problem
from web_ui.district.languages import chosen

# Needed to show the page that says why there is none, and by the machines that watch over the hub.
_OPEN_TO_ALL = ("/static/", "/healthz", "/metrics", "/language/")


def protect(app: Flask, anonymous_read: bool, language: str) -> None:
    @app.before_request
    def refuse_strangers() -> ResponseReturnValue | None:
        if anonymous_read or request.path.startswith(_OPEN_TO_ALL):
            return None
        if request.path.startswith(("/api/", "/events")):
            return problem(
                403,
                "login comes with accounts, which this version does not have yet; to read without one, set "
                "web.listen to a loopback address and web.anonymous_read = true in hub.toml",
            )
        return render_template("closed.html", language=chosen(language)), 403
