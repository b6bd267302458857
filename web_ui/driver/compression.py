"""Answers are compressed for phones with bad reception: a form is a fifth as long then."""

import gzip

from flask import Flask, Response, request

_SHORTEST = 1000
_LEVEL = 5


def compress(app: Flask) -> None:
    @app.after_request
    def shorter(response: Response) -> Response:
        if not request.accept_encodings.quality("gzip") or response.headers.get("Content-Encoding"):
            return response
        if response.mimetype not in ("text/html", "text/css", "text/javascript") or response.status_code in (206, 304):
            return response
        response.direct_passthrough = False
        body = response.get_data()
        response.vary.add("Accept-Encoding")
        if len(body) >= _SHORTEST:
            response.set_data(gzip.compress(body, _LEVEL))
            response.headers["Content-Encoding"] = "gzip"
        return response
