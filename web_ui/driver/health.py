"""/healthz for whoever watches over the drivers' page: well or not, and nothing of the district."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from web_ui.driver.services import DriverServices


def blueprint(services: DriverServices) -> Blueprint:
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    def healthz() -> ResponseReturnValue:
        well = services.well()
        return jsonify(ok=well), 200 if well else 503

    return pages
