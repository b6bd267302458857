"""What stands around every page of the kiosk: its words, its theme, the switches and the menu."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Flask, Request, g, request
from flask.typing import ResponseReturnValue

from web_ui import guard
from web_ui.kiosk.menu import ENTRIES
from web_ui.redirects import see_other
from web_ui.text import LANGUAGES, catalog, text

THEMES = ("sun", "night")
"""Dark on light for daylight, light on dark for a dark road; each keeps the same contrasts."""

_SWITCHES = {"language": LANGUAGES, "theme": THEMES}
_YEAR = 365 * 24 * 3600


def put_around(app: Flask, default_language: str) -> None:
    """In every template: ``t`` tells a text by its key, ``other`` is the language to switch to, ``page_token`` what a
    form sends along, ``for_scripts`` what a page's scripts read. Any page takes ``?language=`` and ``?theme=``."""

    @app.before_request
    def choose() -> ResponseReturnValue | None:
        g.language = _kept(request, "language", default_language)
        g.theme = _kept(request, "theme", THEMES[0])
        if request.method == "GET" and request.args.keys() & _SWITCHES.keys():
            return _remember(request)
        return None

    @app.context_processor
    def around() -> dict[str, Any]:
        language = g.get("language", default_language)  # an error may come before the choice
        return {
            "language": language,
            "other": next(known for known in LANGUAGES if known != language),
            "theme": g.get("theme", THEMES[0]),
            "other_theme": next(known for known in THEMES if known != g.get("theme", THEMES[0])),
            "t": partial(text, language),
            "menu": ENTRIES,
            "page_token": guard.token,
            "for_scripts": partial(_for_scripts, language),
        }


def _kept(asked: Request, name: str, default: str) -> str:
    """A switch as this screen was last left, if that is one of its positions."""
    kept = asked.cookies.get(f"kiosk_{name}", "")
    return kept if kept in _SWITCHES[name] else default


def _remember(asked: Request) -> ResponseReturnValue:
    """The same page again without the switch in its address; what is no position of it changes nothing."""
    answer = see_other(asked.path)
    for name, positions in _SWITCHES.items():
        if asked.args.get(name) in positions:
            cookie, position = f"kiosk_{name}", asked.args[name]
            answer.set_cookie(cookie, position, max_age=_YEAR, samesite="Lax", httponly=True, secure=asked.is_secure)
    return answer


def _for_scripts(language: str, **more: Any) -> Mapping[str, Any]:
    return {"language": language, "catalog": catalog(language), **more}
