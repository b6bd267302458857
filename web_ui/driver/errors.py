"""Errors, said to a driver on a phone: what happened and what to do, in both languages' words."""

import logging
import math

from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from station.domain.trips import TripRefused

log = logging.getLogger(__name__)

_SAID = {400, 404, 413, 421, 429}


def register(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def expected(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:
            return error
        return _page(error.code)

    @app.errorhandler(TripRefused)
    def refused(error: TripRefused) -> ResponseReturnValue:
        return _page(409, f"refused.{error.refusal}")

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> ResponseReturnValue:
        log.error("%s %s failed", request.method, request.endpoint, exc_info=error)
        return _page(500)


def too_many(wait: float) -> Response:
    """Whoever asks too often is told when to ask again."""
    answer = _page(429)
    answer.headers["Retry-After"] = str(math.ceil(wait))
    return answer


def _page(code: int, says: str = "") -> Response:
    key = f"error.{code if code in _SAID else 'other'}"
    answer = make_response(render_template("error.html", code=code, key=key, says=says or key), code)
    answer.headers["Cache-Control"] = "no-store"
    return answer
