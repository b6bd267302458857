"""Which language a browser is answered in."""

from flask import request

from web_ui.text import LANGUAGES

COOKIE = "district_language"


def chosen(default: str) -> str:
    """What was switched to, else what the hub speaks."""
    cookie = request.cookies.get(COOKIE, "")
    return cookie if cookie in LANGUAGES else default
