"""One station with its lanes live."""

from datetime import date

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from web_ui.district import downloads
from web_ui.district.access import at_or_beneath
from web_ui.district.overview_table import station_report
from web_ui.district.services import DistrictServices, View


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("station", __name__)

    @pages.get("/stations/<station>")
    def page(station: str) -> ResponseReturnValue:
        return render_template(
            "station.html", station=_found(station), today=_today().isoformat(), forms=downloads.FORMS
        )

    @pages.get("/stations/<station>/lanes.<form>")
    def download(station: str, form: str) -> Response:
        day = _today()
        return downloads.answer(services, station_report(_found(station), f"{day}"), form, f"{station}-{day}")

    def _today() -> date:
        return services.now().astimezone(services.zone).date()

    def _found(station: str) -> View:
        view = services.station(station)
        if view is None:
            abort(404)
        at_or_beneath(view["levels"])
        return view

    return pages
