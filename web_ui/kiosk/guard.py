"""Who may ask: a strict content policy on every answer, and commands from our own page only."""

import hmac
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request, session
from itsdangerous import BadSignature, URLSafeSerializer

TOKEN_HEADER = "X-CSRF-Token"

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def protect(app: Flask) -> None:
    @app.after_request
    def set_headers(response: Response) -> Response:
        response.headers.update(_HEADERS)
        return response


def token() -> str:
    """The token that this browser must send with each command; sets the session cookie it is bound to."""
    page = session.setdefault("page", secrets.token_urlsafe(12))
    return _signer().dumps(page)


def require_own_page() -> None:
    """Refuse a command that did not come from a page of ours."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site not in (None, "same-origin") or (origin is not None and urlsplit(origin).netloc != request.host):
        abort(403, "this command comes from another site")
    try:
        page = _signer().loads(request.headers.get(TOKEN_HEADER, ""))
    except BadSignature:
        page = ""
    if not page or not hmac.compare_digest(str(page), session.get("page", "")):
        abort(403, "this page is out of date: load it again")


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="kiosk command")
