"""/api/v1: the stations, the boards, and counts at any level, as JSON."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from web_ui.district.errors import problem
from web_ui.district.periods import BadPeriod, period
from web_ui.district.services import DistrictServices

_COUNTS_TAKES = ("from", "to", "by")


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("api", __name__, url_prefix="/api/v1")

    @pages.get("/stations")
    def stations() -> ResponseReturnValue:
        return jsonify(stations=services.stations())

    @pages.get("/boards")
    def boards() -> ResponseReturnValue:
        return jsonify(boards=services.boards())

    @pages.get("/levels/<path:level>/counts")
    def counts(level: str) -> ResponseReturnValue:
        given = request.args
        for name in given:
            if name not in _COUNTS_TAKES:
                return problem(400, f"there is no parameter {name!r}; there are {', '.join(_COUNTS_TAKES)}", name)
        by = given.get("by", services.groupings[0])
        if by not in services.groupings:
            return problem(400, f"by={by[:40]!r} is none of {', '.join(services.groupings)}", "by")
        try:
            begin, end = period(given, services.zone, services.now())
        except BadPeriod as bad:
            return problem(400, str(bad), bad.parameter)
        try:
            return jsonify(services.counts(tuple(level.split("/")), begin, end, by))
        except LookupError as unknown:
            return problem(404, str(unknown), "path")

    return pages
