"""The lanes side by side, and their pictures."""

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from station.domain.passes import Must
from web_ui import guard
from web_ui.kiosk.services import KioskServices


def blueprint(services: KioskServices) -> Blueprint:
    pages = Blueprint("lanes", __name__)

    @pages.get("/")
    def lanes() -> ResponseReturnValue:
        guard.token()  # with a session the page's stream is not counted among those of strangers
        musts = [must.value for must in Must]
        return render_template("lanes.html", lanes=services.lanes, musts=musts, fever_from=services.fever_from)

    @pages.get("/lanes/<lane>/picture.jpg")
    def picture(lane: str) -> ResponseReturnValue:
        if lane not in services.lanes:
            abort(404, f"there is no lane {lane!r}")
        jpeg = services.picture(lane)
        response = Response(status=204) if jpeg is None else Response(jpeg, mimetype="image/jpeg")
        response.headers["Cache-Control"] = "no-store"
        return response

    return pages
