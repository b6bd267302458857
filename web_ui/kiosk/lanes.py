"""The lanes side by side, their pictures, and the language switch."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from station.domain.passes import Must
from web_ui.kiosk.services import KioskServices
from web_ui.text import LANGUAGES, catalog

LANGUAGE_COOKIE = "kiosk_language"
_YEAR = 365 * 24 * 3600


def blueprint(services: KioskServices, default_language: str) -> Blueprint:
    pages = Blueprint("lanes", __name__)

    @pages.get("/")
    def lanes() -> ResponseReturnValue:
        if request.args.get("language") in LANGUAGES:
            return _remember(request.args["language"])
        cookie = request.cookies.get(LANGUAGE_COOKIE, "")
        language = cookie if cookie in LANGUAGES else default_language
        page = {"language": language, "fever_from": services.fever_from, "catalog": catalog(language)}
        return render_template(
            "lanes.html", lanes=services.lanes, language=language, musts=[must.value for must in Must], page=page
        )

    @pages.get("/lanes/<lane>/picture.jpg")
    def picture(lane: str) -> ResponseReturnValue:
        if lane not in services.lanes:
            abort(404, f"there is no lane {lane!r}")
        jpeg = services.picture(lane)
        response = Response(status=204) if jpeg is None else Response(jpeg, mimetype="image/jpeg")
        response.headers["Cache-Control"] = "no-store"
        return response

    return pages


def _remember(language: str) -> ResponseReturnValue:
    answer = redirect(url_for("lanes.lanes"), 303)
    answer.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR, samesite="Lax", httponly=True)
    return answer
