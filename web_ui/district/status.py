"""/healthz for supervisors, /metrics for Prometheus."""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from web_ui.district.services import DistrictServices


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("status", __name__)

    @pages.get("/healthz")
    def healthz() -> ResponseReturnValue:
        healthy, details = services.health()
        return jsonify(details), 200 if healthy else 503

    @pages.get("/metrics")
    def metrics() -> ResponseReturnValue:
        content_type, body = services.metrics()
        return Response(body, content_type=content_type)

    return pages
