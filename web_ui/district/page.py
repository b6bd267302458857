"""The hub's page: every station's lanes and every board with its counts of the day, and the language switch."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from web_ui.district.languages import COOKIE, chosen
from web_ui.district.services import DistrictServices
from web_ui.text import LANGUAGES, catalog

_YEAR = 365 * 24 * 3600


def blueprint(services: DistrictServices, default_language: str) -> Blueprint:
    pages = Blueprint("page", __name__)

    @pages.get("/")
    def stations() -> ResponseReturnValue:
        language = chosen(default_language)
        page = {"language": language, "texts": catalog(f"district.{language}")}
        return render_template(
            "stations.html", district=services.district, language=language, page=page, boards=services.boards()
        )

    @pages.get("/language/<language>")
    def switch(language: str) -> ResponseReturnValue:
        if language not in LANGUAGES:
            abort(404)
        answer = redirect(url_for("page.stations"), 303)
        answer.set_cookie(COOKIE, language, max_age=_YEAR, samesite="Lax", httponly=True)
        return answer

    return pages
