"""Moving in the district's tree, on every page that is about a level: up, down, and to any level by the first letters
of its name. What is typed need not be a whole path: one level that it fits is gone to, and of several one is chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from web_ui.district.access import visitor
from web_ui.district.languages import chosen
from web_ui.district.services import DistrictServices, Level, View
from web_ui.redirects import see_other

MOST_OFFERED = 50
SEVERAL = 300
_OF_ANOTHER_LEVEL = ("level", "cursor", "after")  # say nothing about the level that is gone to


@dataclass(frozen=True, slots=True)
class Named:
    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is: the levels ``above`` it as far as the visitor sees, the highest first, and those right
    ``beneath`` it. ``kept`` is what else the page was asked."""

    here: Named
    above: Sequence[Named]
    beneath: Sequence[Named]
    kept: Mapping[str, str]

    @property
    def levels(self) -> Level:
        return tuple(self.here.path.split("/"))

    def way(self, path: str) -> str:
        """A link to the same page about another level."""
        return f"?{urlencode({**self.kept, 'level': path})}"


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("places", __name__)

    @pages.get("/levels")
    def named() -> ResponseReturnValue:
        """What a field offers while one types."""
        return jsonify(levels=[_shown(level) for level in _fitting(services, request.args.get("begins", ""))])

    return pages


def place_asked(services: DistrictServices) -> Place:
    """Where the page is that the request asks for; where there is no such level, something else is answered."""
    own = "/".join(visitor().level)
    asked = request.args.get("level", "").strip("/ ") or own
    try:
        return _place(services, asked, own)
    except LookupError:
        abort(_instead(services, asked))


def _place(services: DistrictServices, path: str, own: str) -> Place:
    """:raises LookupError: there is no such level for this visitor."""
    if not visitor().sees(path.split("/")):
        raise LookupError(path)
    here = services.tree.node(path)
    names = path.split("/")
    depths = range(own.count("/") + 1, len(names))
    above = [services.tree.node("/".join(names[:depth])) for depth in depths]
    beneath = sorted(services.tree.children(path)["levels"], key=lambda level: str(level["path"]))[:MOST_OFFERED]
    return Place(_named(here), [*map(_named, above)], [*map(_named, beneath)], _kept())


def _instead(services: DistrictServices, typed: str) -> Response:
    """To the one level that fits, or a page with those that do."""
    fitting = [_named(level) for level in _fitting(services, typed)]
    ways = [(level, f"{request.path}?{urlencode({**_kept(), 'level': level.path})}") for level in fitting]
    if len(ways) == 1:
        return make_response(see_other(ways[0][1]))
    return make_response(render_template("which_level.html", typed=typed, ways=ways), SEVERAL if ways else 404)


def _fitting(services: DistrictServices, typed: str) -> Sequence[View]:
    typed = typed.strip("/ ")
    return services.tree.named(typed, "/".join(visitor().level), MOST_OFFERED) if typed else ()


def _kept() -> Mapping[str, str]:
    return {name: said for name, said in request.args.items() if name not in _OF_ANOTHER_LEVEL}


def _named(level: View) -> Named:
    return Named(level["path"], level[chosen()] or level["path"].rpartition("/")[2])


def _shown(level: View) -> View:
    return {"path": level["path"], "name": _named(level).name}
