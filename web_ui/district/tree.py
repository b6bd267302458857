"""The first page: the district's tree with its live counts, and what needs attention first."""

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from web_ui.district import downloads
from web_ui.district.access import at_or_beneath, visitor
from web_ui.district.events import MOST_IN_NEED
from web_ui.district.overview_table import overview_report
from web_ui.district.places import place_asked
from web_ui.district.services import DistrictServices, View
from web_ui.request_values import read_whole

MAX_ROWS = 999_999  # of one level
AT_ONCE = 50  # rows that an opened level shows before somebody asks for more


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("tree", __name__)

    @pages.get("/")
    def page() -> ResponseReturnValue:
        place = place_asked(services)
        path = place.here.path
        node, children = node_of(services, path), _children(path, 0)
        attention = services.tree.attention(path, MOST_IN_NEED)
        at_first = {"node": node, "children": children, "attention": attention}
        return render_template("tree.html", place=place, path=path, node=node, at_first=at_first, forms=downloads.FORMS)

    @pages.get("/overview.<form>")
    def download(form: str) -> Response:
        path = level_asked()
        try:
            beneath = services.tree.children(path)
        except LookupError:
            abort(404)
        day = services.now().astimezone(services.zone).date()
        return downloads.answer(services, overview_report(beneath, f"{path} · {day}"), form, f"overview-{day}")

    @pages.get("/tree/children")
    def children() -> ResponseReturnValue:
        after = read_whole(request.args.get("after", "0"), 0, MAX_ROWS)
        if after is None:
            abort(400, "after is how many rows are there already")
        return jsonify(_children(level_asked(), after))

    def _children(path: str, after: int) -> View:
        """Levels first, then stations; the worst of each first."""
        try:
            beneath = services.tree.children(path)
        except LookupError:
            abort(404)
        nodes = [*beneath["levels"], *beneath["stations"]]
        return {"path": path, "total": len(nodes), "nodes": [*map(_shown, nodes[after : after + AT_ONCE])]}

    def _shown(node: View) -> View:
        """A level that holds a single station is shown as this station."""
        while "path" in node and node["stations"] == 1:
            beneath = services.tree.children(node["path"])
            node = next(each for each in (*beneath["stations"], *beneath["levels"]) if each.get("stations", 1) == 1)
        return node

    return pages


def level_asked() -> str:
    """The path that the request is about: the visitor's own level unless one beneath it is given."""
    path = request.args.get("level", "") or "/".join(visitor().level)
    at_or_beneath(path.split("/"))
    return path


def node_of(services: DistrictServices, path: str) -> View:
    """The level as it is now; one that is not there is a page that is not there."""
    try:
        return services.tree.node(path)
    except LookupError:
        abort(404)
