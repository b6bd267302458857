"""What stands around every page: who is logged in, where else one may go, the switches."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Flask, g, request

from station.domain.accounts import Role, Visitor
from web_ui import guard
from web_ui.district.languages import THEMES, chosen, theme
from web_ui.district.navigation import PAGES
from web_ui.text import catalog, text


def put_around(app: Flask, district: str) -> None:
    """In every template: ``t`` tells a text by its key, ``may`` whether the visitor has a role, ``page_token`` what a
    form sends along, ``for_scripts`` what a page's scripts read."""

    @app.context_processor
    def around() -> dict[str, Any]:
        language = chosen()
        visitor: Visitor | None = g.get("visitor")
        return {
            "district": district,
            "language": language,
            "t": partial(text, f"district.{language}"),
            "theme": theme(),
            "themes": THEMES,
            "visitor": visitor,
            "may": partial(_may, visitor),
            "navigation": [page for page in PAGES if _may(visitor, page.role)],
            "here": request.full_path.rstrip("?") if request.method == "GET" else "/",
            "page_token": guard.token,
            "for_scripts": partial(_for_scripts, language),
        }


def _may(visitor: Visitor | None, role: str) -> bool:
    return visitor is not None and visitor.role.includes(Role(role))


def _for_scripts(language: str, *prefixes: str, **more: Any) -> Mapping[str, Any]:
    """Texts whose keys begin with one of the prefixes, and whatever else the page hands its scripts."""
    texts = {key: said for key, said in catalog(f"district.{language}").items() if key.startswith(prefixes)}
    return {"language": language, "texts": texts, **more}
