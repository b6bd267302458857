"""Which language and which theme a browser is answered in, and the switches for both."""

from flask import Blueprint, abort, current_app, request, url_for
from flask.typing import ResponseReturnValue

from web_ui.redirects import see_other
from web_ui.text import LANGUAGES

COOKIE, THEME_COOKIE = "district_language", "district_theme"
THEMES = ("system", "light", "dark")
_DEFAULT = "DEFAULT_LANGUAGE"
_YEAR = 365 * 24 * 3600


def set_default(language: str) -> dict[str, str]:
    """For the application's configuration: what a browser is shown before somebody has switched."""
    return {_DEFAULT: language}


def chosen() -> str:
    """What was switched to, else what the hub speaks."""
    cookie = request.cookies.get(COOKIE, "")
    default: str = current_app.config[_DEFAULT]
    return cookie if cookie in LANGUAGES else default


def theme() -> str:
    """What was switched to, else as the browser's system has it."""
    cookie = request.cookies.get(THEME_COOKIE, "")
    return cookie if cookie in THEMES else THEMES[0]


def blueprint() -> Blueprint:
    pages = Blueprint("appearance", __name__)

    @pages.get("/language/<language>")
    def language(language: str) -> ResponseReturnValue:
        return _keep(COOKIE, language, LANGUAGES)

    @pages.get("/theme/<theme>")
    def theme(theme: str) -> ResponseReturnValue:
        return _keep(THEME_COOKIE, theme, THEMES)

    return pages


def _keep(cookie: str, value: str, known: tuple[str, ...]) -> ResponseReturnValue:
    """Back to where the switch was tapped."""
    if value not in known:
        abort(404)
    answer = see_other(request.args.get("next", ""), url_for("tree.page"))
    answer.set_cookie(cookie, value, max_age=_YEAR, samesite="Lax", httponly=True)
    return answer
