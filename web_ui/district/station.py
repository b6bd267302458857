"""One station with its lanes live."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from web_ui.district.access import at_or_beneath
from web_ui.district.services import DistrictServices


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("station", __name__)

    @pages.get("/stations/<station>")
    def page(station: str) -> ResponseReturnValue:
        view = services.station(station)
        if view is None:
            abort(404)
        at_or_beneath(view["levels"])
        return render_template("station.html", station=view)

    return pages
