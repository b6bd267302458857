"""/api/v1: orders, incidents and inspections as JSON. What a program may see is what its token's pages would show."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from operator import itemgetter
from typing import Any, TypeVar

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from station.domain.district_incidents import IncidentRow, UnknownIncident
from station.domain.district_inspections import InspectionRow, UnknownInspection
from station.domain.district_orders import OrderRow, OrderStation
from station.domain.listing import Listing
from web_ui.district import paging
from web_ui.district.access import at_or_beneath, narrowed, own_level, visitor
from web_ui.district.errors import problem
from web_ui.district.orders import STEPS
from web_ui.district.parameters import known, one_of
from web_ui.district.services import DistrictServices, Level

A_PAGE = 100
STATIONS_A_PAGE = 1000
LIST_TAKES = ("level", "state", *paging.TAKES)
STATIONS_TAKE = ("step", *paging.TAKES)

T = TypeVar("T", OrderRow, IncidentRow, InspectionRow)


@dataclass(frozen=True, slots=True)
class Kind:
    """A list: ``name`` is its member in the answer, ``states`` what it can be narrowed to, ``place`` the fields that
    tell where in it one is."""

    name: str
    states: tuple[str, ...]
    place: tuple[str, ...]


ORDERS = Kind("orders", ("standing", "expired"), ("issued_at", "id"))
INCIDENTS = Kind("incidents", ("open", "closed"), ("opened_at", "station", "id"))
INSPECTIONS = Kind("inspections", ("open", "overdue", "closed"), ("began_at", "station", "id"))


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("duty_api", __name__, url_prefix="/api/v1")
    district = services.district

    @pages.get("/orders")
    def orders() -> ResponseReturnValue:
        return _listed(ORDERS, services.orders.questions.listed, district)

    @pages.get("/orders/<order>")
    def order(order: str) -> ResponseReturnValue:
        found = _order(order)
        return jsonify(asdict(found[0])) if found else _no_order(order)

    @pages.get("/orders/<order>/stations")
    def order_stations(order: str) -> ResponseReturnValue:
        """What each station did with it, by its id: who has not is ``step=waiting``."""
        known(request.args, STATIONS_TAKE)
        step = one_of(request.args, "step", STEPS)
        found = _order(order)
        if found is None:
            return _no_order(order)
        stations = {one.station: one for one in found[1] if step in ("", one.step)}
        asked = paging.page(request.args, sorted(stations), STATIONS_A_PAGE)
        return jsonify(order=found[0].id, stations=[asdict(stations[one]) for one in asked.keys], next=asked.next)

    @pages.get("/incidents")
    def incidents() -> ResponseReturnValue:
        return _listed(INCIDENTS, services.incidents.listed, district)

    @pages.get("/incidents/<station>/<incident>")
    def incident(station: str, incident: str) -> ResponseReturnValue:
        try:
            row, steps = services.incidents.incident(station, incident, own_level(district))
        except UnknownIncident as unknown:
            return problem(404, str(unknown), "incident")
        return jsonify(asdict(row) | {"steps": [asdict(step) for step in steps]})

    @pages.get("/inspections")
    def inspections() -> ResponseReturnValue:
        return _listed(INSPECTIONS, services.inspections.listed, district)

    @pages.get("/inspections/<station>/<inspection>")
    def inspection(station: str, inspection: str) -> ResponseReturnValue:
        try:
            row, findings, notices = services.inspections.inspection(station, inspection, own_level(district))
        except UnknownInspection as unknown:
            return problem(404, str(unknown), "inspection")
        shown = {"findings_made": [asdict(one) for one in findings], "notices_served": [asdict(one) for one in notices]}
        return jsonify(asdict(row) | shown)

    def _order(order: str) -> tuple[OrderRow, Sequence[OrderStation]] | None:
        return services.orders.questions.order(order, own_level(district))

    return pages


def _listed(kind: Kind, ask: Callable[[Listing], Sequence[T]], district: str) -> ResponseReturnValue:
    """A page of a list, the newest first."""
    known(request.args, LIST_TAKES)
    after, most = paging.stretch(request.args, A_PAGE, len(kind.place))
    rows = ask(Listing(most + 1, after, _level_asked(district), one_of(request.args, "state", kind.states)))
    shown, following = paging.told([asdict(row) for row in rows], most, itemgetter(*kind.place))
    answer: dict[str, Any] = {kind.name: shown, "next": following}
    return jsonify(answer)


def _level_asked(district: str) -> Level:
    level = request.args.get("level", "").split("/") if "level" in request.args else visitor().level
    at_or_beneath(level)
    return narrowed(level, district)


def _no_order(order: str) -> ResponseReturnValue:
    return problem(404, f"there is no order {order[:80]!r}; /api/v1/orders lists them", "order")
