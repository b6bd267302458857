"""What a browser may do with our answers: nothing from elsewhere, no frame, no device."""

from collections.abc import Mapping

from flask import Flask, Response

_DAY_S = 24 * 3600
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


def set_headers(app: Flask, others: Mapping[str, str] = _HEADERS, hsts_days: int = 0) -> None:
    """On every answer, errors and files too. ``others`` take the place of the usual ones.

    :param hsts_days: where browsers come by TLS, for how long they are to come by nothing else (RFC 6797); 0 says
        nothing. It holds for the whole host, whatever the port.
    """
    headers = {**_HEADERS, **others}
    if hsts_days:
        headers["Strict-Transport-Security"] = f"max-age={hsts_days * _DAY_S}"

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.update(headers)
        return response
