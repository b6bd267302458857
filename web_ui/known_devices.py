"""Browsers that somebody has signed in with before, known by a signed cookie.

Wrong tries of strangers, from however many addresses, must not keep the owner of an account out: a browser that is
known for the account has an allowance of its own, which no stranger can use up (OWASP, "Slow Down Online Guessing
Attacks with Device Cookies"). Nothing is kept here: the cookie holds what is known, signed by us.
"""

import secrets
from dataclasses import dataclass

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

MAX_ACCOUNTS = 8  # of one browser; the one that signed in longest ago is forgotten first
MAX_AGE_S = 180 * 24 * 3600
_ID_BYTES = 12


@dataclass(frozen=True, slots=True)
class KnownDevices:
    """:param cookie: its name. :param secure: browsers come by TLS."""

    cookie: str
    secure: bool

    def device_of(self, account: str) -> str:
        """The id of the browser that asks, if it is known for this account; else empty."""
        return self._known().get(account, "")

    def remember(self, answer: AnyResponse, account: str) -> AnyResponse:
        """From now on the browser that asks is known for this account."""
        known = self._known()
        device = known.pop(account, "") or secrets.token_urlsafe(_ID_BYTES)
        kept = dict([*known.items(), (account, device)][-MAX_ACCOUNTS:])
        answer.set_cookie(
            self.cookie, _signer().dumps(kept), max_age=MAX_AGE_S, secure=self.secure, httponly=True, samesite="Strict"
        )
        return answer

    def _known(self) -> dict[str, str]:
        try:
            known = _signer().loads(request.cookies.get(self.cookie, ""), max_age=MAX_AGE_S)
        except BadSignature:
            return {}
        return dict(known)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=f"{current_app.name} known device")
