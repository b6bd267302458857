"""Commands come from our own pages only."""

import hmac
import secrets
from urllib.parse import urlsplit

from flask import abort, current_app, request, session
from itsdangerous import BadSignature, URLSafeSerializer

TOKEN_HEADER = "X-CSRF-Token"
TOKEN_FIELD = "token"


def token() -> str:
    """The token that this browser must send with each command; sets the session cookie it is bound to."""
    page = session.setdefault("page", secrets.token_urlsafe(12))
    return _signer().dumps(page)


def session_id() -> str:
    """What tells this browser from others; empty for one that has brought no session with it."""
    return str(session.get("page", ""))


def require_own_page() -> None:
    """Refuse a command that did not come from a page of ours. Scripts send the token as a header, forms as a field."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site not in (None, "same-origin") or (origin is not None and _place_of(origin) != request.host):
        abort(403, "this command comes from another site")
    try:
        page = _signer().loads(request.headers.get(TOKEN_HEADER) or request.form.get(TOKEN_FIELD, ""))
    except BadSignature:
        page = ""
    if not page or not hmac.compare_digest(str(page), session.get("page", "")):
        abort(403, "this page is out of date: load it again")


def _place_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=f"{current_app.name} command")
