"""/api/v1: the stations, the boards, the levels, and counts at any of them, as JSON."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from web_ui.district import paging
from web_ui.district.access import at_or_beneath, visitor
from web_ui.district.boards import boards_seen
from web_ui.district.errors import problem
from web_ui.district.parameters import known, one_of
from web_ui.district.periods import period
from web_ui.district.services import DistrictServices

_COUNTS_TAKES = ("from", "to", "by")
LEVELS_A_PAGE = 200


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("api", __name__, url_prefix="/api/v1")

    @pages.get("/stations")
    def stations() -> ResponseReturnValue:
        """All of them where no page is asked for."""
        known(request.args, paging.TAKES)
        seen = {station["id"]: station for station in services.stations() if visitor().sees(station["levels"])}
        asked = paging.page(request.args, sorted(seen), None)
        return jsonify(stations=[seen[station] for station in asked.keys], next=asked.next)

    @pages.get("/levels")
    def levels() -> ResponseReturnValue:
        known(request.args, paging.TAKES)
        seen = [path for path in services.tree.paths() if visitor().sees(tuple(path.split("/")))]
        asked = paging.page(request.args, seen, LEVELS_A_PAGE)
        return jsonify(levels=[services.tree.node(path) for path in asked.keys], next=asked.next)

    @pages.get("/boards")
    def boards() -> ResponseReturnValue:
        return jsonify(boards=boards_seen(services, visitor().level))

    @pages.get("/levels/<path:level>/counts")
    def counts(level: str) -> ResponseReturnValue:
        names = tuple(level.split("/"))
        at_or_beneath(names)
        given = request.args
        known(given, _COUNTS_TAKES)
        by = one_of(given, "by", services.groupings, services.groupings[0])
        begin, end = period(given, services.zone, services.now())
        try:
            return jsonify(services.counts(names, begin, end, by))
        except LookupError as unknown:
            return problem(404, str(unknown), "path")

    return pages
