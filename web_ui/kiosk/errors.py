"""Errors: JSON for programs, a plain page in both languages for people."""

import logging

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def expected(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:
            return error
        return _answer(error.code, error.description or error.name)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> ResponseReturnValue:
        log.error("%s %s failed", request.method, request.path, exc_info=error)
        return _answer(500, "the station made a mistake; its log says which")


def _answer(code: int, why: str) -> ResponseReturnValue:
    if request.method == "GET" and request.accept_mimetypes.accept_html and not request.is_json:
        return render_template("error.html", code=code, key="error.404" if code == 404 else "error.other"), code
    return jsonify(error=why), code
