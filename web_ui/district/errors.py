"""Errors: JSON that names the parameter and the remedy for programs, a plain page for people."""

import logging

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from web_ui.district.parameters import BadParameter

log = logging.getLogger(__name__)

_SAID = {400, 403, 404, 413, 421, 503}


def problem(code: int, error: str, parameter: str = "") -> ResponseReturnValue:
    """``{"error"}``, with ``parameter`` where one of the request's is at fault."""
    return jsonify({"error": error} | ({"parameter": parameter} if parameter else {})), code


def register(app: Flask, store_fault: type[Exception]) -> None:
    """:param store_fault: what is raised while the store cannot be used; its text says what to do."""

    @app.errorhandler(HTTPException)
    def expected(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:
            return error
        return _answer(error.code, error.description or error.name)

    @app.errorhandler(BadParameter)
    def bad_parameter(bad: BadParameter) -> ResponseReturnValue:
        return problem(400, str(bad), bad.parameter)

    @app.errorhandler(store_fault)
    def store(error: Exception) -> ResponseReturnValue:
        log.error("%s %s: %s", request.method, request.path, error)
        return _answer(503, f"the store cannot be used: {error}")

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> ResponseReturnValue:
        log.error("%s %s failed", request.method, request.path, exc_info=error)
        return _answer(500, "the hub made a mistake; its log says which")

    def _answer(code: int, why: str) -> ResponseReturnValue:
        if request.path.startswith("/api/"):
            return problem(code, why)
        says = f"error.{code if code in _SAID else 'other'}"
        return render_template("error.html", code=code, says=says, why=why), code
