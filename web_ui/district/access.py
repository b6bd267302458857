"""Who asks, and whether they may: every request passes here before any page sees it."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec, cast

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from station.domain.accounts import By, Role, Visitor
from web_ui import guard
from web_ui.district.errors import problem
from web_ui.district.services import DistrictServices, Trail
from web_ui.reach import Reach
from web_ui.throttle import address_of

P = ParamSpec("P")

LOGIN = "login"  # where the session cookie keeps the secret
_ANONYMOUS = ""
# Needed to show the login, and by the machines that watch over the hub.
_OPEN_TO_ALL = ("/healthz", "/metrics", "/language/", "/theme/", "/login")
_OPEN_WHILE_PASSWORD_IS_DUE = ("/password", "/logout")
_SAFE = ("GET", "HEAD", "OPTIONS")
_NOT_A_LOOK = ("/events", "/password", "/levels")
_LONGEST_NOTED = 200


def protect(app: Flask, services: DistrictServices, reach: Reach) -> None:
    """Refuse whoever may not; leave the visitor where ``visitor`` finds them."""
    app.extensions["trail"] = services.trail

    @app.before_request
    def let_in() -> ResponseReturnValue | None:
        if request.endpoint == "static":  # the same for everybody: nobody is looked up for it
            return None
        g.address = address_of(request, reach.proxies)
        programme = _of_token(services)
        g.visitor = programme or _of_session(services)
        if request.method not in _SAFE and programme is None:
            guard.require_own_page()
        if request.path.startswith(_OPEN_TO_ALL):
            return None
        if g.visitor is None and services.anonymous_read:
            g.visitor = Visitor(_ANONYMOUS, Role.VIEWER, (services.district,))
        if g.visitor is None:
            return ask_to_log_in()
        if g.visitor.must_change and not request.path.startswith(_OPEN_WHILE_PASSWORD_IS_DUE):
            return _ask_for_a_password()
        _note_a_look(services.trail)
        return None

    @app.after_request
    def keep_nothing(answer: Response) -> Response:
        """Behind a logout the browser's way back shows nothing."""
        if not request.path.startswith("/static/"):
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer


def visitor() -> Visitor:
    """Who asks for this page."""
    return cast(Visitor, g.visitor)


def by() -> By:
    """Who asks, as the audit trail names them."""
    return By(visitor().name, g.address)


def noted(action: str, detail: str) -> None:
    """Write a change into the audit trail."""
    trail: Trail = current_app.extensions["trail"]
    trail.note(by(), action, detail)


def needs(role: Role) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """The page is for this role and those above it. One without this is for whoever may look."""

    def held(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def asked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if not visitor().role.includes(role):
                if visitor().name == _ANONYMOUS:
                    return ask_to_log_in()
                abort(403, f"this takes the role {role}; yours is {visitor().role}")
            return view(*args, **kwargs)

        return asked

    return held


def at_or_beneath(levels: Sequence[str]) -> None:
    """What lies elsewhere in the district is, for this visitor, not there."""
    if not visitor().sees(levels):
        abort(404)


def narrowed(level: Sequence[str], district: str) -> tuple[str, ...]:
    """A level as lists are asked for it: nothing for the district itself, which holds also what says that it belongs
    elsewhere, and what says nothing."""
    return () if tuple(level) == (district,) else tuple(level)


def own_level(district: str) -> tuple[str, ...]:
    """The visitor's level, as ``narrowed`` has it."""
    return narrowed(visitor().level, district)


def ask_to_log_in() -> ResponseReturnValue:
    if is_for_programs():
        answer = current_app.make_response(
            problem(401, "log in on /login, or send an API token as Authorization: Bearer TOKEN")
        )
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("login.form", next=wanted), 303)


def is_for_programs() -> bool:
    return request.path.startswith(("/api/", "/events"))


def _of_token(services: DistrictServices) -> Visitor | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not request.path.startswith("/api/"):
        return None
    found = services.tokens.bearer(token.strip())
    if found is None:
        abort(401, "this API token is unknown, expired or revoked; make another on the page of tokens")
    return found


def _of_session(services: DistrictServices) -> Visitor | None:
    secret = session.get(LOGIN, "")
    if not secret:
        return None
    return services.sessions.look(secret) if request.path == "/events" else services.sessions.visitor(secret)


def _ask_for_a_password() -> ResponseReturnValue:
    if is_for_programs():
        return problem(403, "set a password of your own on /password first")
    return redirect(url_for("login.password"), 303)


def _note_a_look(trail: Trail) -> None:
    if request.method == "GET" and visitor().name and not request.path.startswith(_NOT_A_LOOK):
        trail.looked(by(), request.full_path.rstrip("?")[:_LONGEST_NOTED])
