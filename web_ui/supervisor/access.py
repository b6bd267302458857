"""Who asks: every request passes here before any page sees it."""

from flask import Flask, Response, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from web_ui import guard
from web_ui.supervisor.services import Door

SIGN_IN = "sign_in"  # where the session cookie keeps the secret
LOOK = "look"
"""A page that looks again by itself says so in its address: what nobody tapped prolongs no session."""

_OPEN_TO_ALL = frozenset({"static", "pages.static", "sign_in.form", "sign_in.sign_in"})
_SAFE = ("GET", "HEAD", "OPTIONS")


def protect(app: Flask, door: Door) -> None:
    @app.before_request
    def let_in() -> ResponseReturnValue | None:
        if request.method not in _SAFE:
            guard.require_own_page()
        if request.endpoint in _OPEN_TO_ALL or request.endpoint == "events.events":  # the stream sees to it itself
            return None
        secret = session.get(SIGN_IN, "")
        g.supervisor = door.look(secret) if LOOK in request.args else door.supervisor(secret)
        return redirect(url_for("sign_in.form"), 303) if g.supervisor is None else None

    @app.after_request
    def keep_nothing(answer: Response) -> Response:
        """After signing out the browser's way back shows nothing."""
        if not request.path.startswith("/static/"):
            answer.headers["Cache-Control"] = "no-store"
        return answer

    @app.context_processor
    def around() -> dict[str, object]:
        return {"supervisor": g.get("supervisor")}
