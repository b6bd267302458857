"""Errors: JSON for programs, a plain page in both languages for people."""

import logging

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

log = logging.getLogger(__name__)

_SAID = {400, 403, 404, 413, 421}
_OF_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


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
    if _is_for_people():
        key = f"error.{code if code in _SAID else 'other'}"
        return render_template("error.html", code=code, key=key, why=why), code
    return jsonify(error=why), code


def _is_for_people() -> bool:
    """A browser that opens a page or sends a form, and no script of a page."""
    if request.is_json or not request.accept_mimetypes.accept_html:
        return False
    return request.method == "GET" or request.mimetype in _OF_FORMS
