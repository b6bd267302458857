"""What a browser may do with our answers: nothing from elsewhere, no frame, no device."""

from collections.abc import Mapping

from flask import Flask, Response

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


def set_headers(app: Flask, others: Mapping[str, str] = _HEADERS) -> None:
    """On every answer, errors and files too. ``others`` take the place of the usual ones."""
    headers = {**_HEADERS, **others}

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.update(headers)
        return response
