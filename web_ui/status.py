"""/healthz for supervisors, /metrics for Prometheus."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue


def blueprint(
    health: Callable[[], tuple[bool, Mapping[str, Any]]], metrics: Callable[[], tuple[str, bytes]]
) -> Blueprint:
    pages = Blueprint("status", __name__)

    @pages.get("/healthz")
    def healthz() -> ResponseReturnValue:
        healthy, details = health()
        return jsonify(details), 200 if healthy else 503

    @pages.get("/metrics")
    def exposition() -> ResponseReturnValue:
        content_type, body = metrics()
        return Response(body, content_type=content_type)

    return pages
