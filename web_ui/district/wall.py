"""The wall of a command centre: one level, to be read from five metres."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from web_ui.district.events import MOST_IN_NEED
from web_ui.district.services import DistrictServices
from web_ui.district.tree import level_asked, node_of


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("wall", __name__)

    @pages.get("/wall")
    def page() -> ResponseReturnValue:
        path = level_asked()
        node = node_of(services, path)
        at_first = {"node": node, "attention": services.tree.attention(path, MOST_IN_NEED)}
        return render_template("wall.html", path=path, node=node, at_first=at_first)

    return pages
