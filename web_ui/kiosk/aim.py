"""Aiming a lane's camera: big numbers, fed by a poll that costs the station something only while it runs."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from station.domain.aim import ANGLES, PRINTED_SIZES, USUAL_ANGLE, distances
from station.domain.optics import USUAL_MODULES, focal_by_distance, focal_by_view
from web_ui.kiosk.services import KioskServices
from web_ui.request_values import read_decimal

DISTANCES = (0.5, 0.8, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)  # metres


def blueprint(services: KioskServices) -> Blueprint:
    pages = Blueprint("aim", __name__)

    @pages.get("/aim/<lane>")
    def aim(lane: str) -> ResponseReturnValue:
        _require(lane)
        return render_template(
            "aim.html", lane=lane, angles=ANGLES, usual_angle=USUAL_ANGLE, sizes=PRINTED_SIZES, distances=DISTANCES
        )

    @pages.get("/aim/<lane>.json")
    def now(lane: str) -> ResponseReturnValue:
        _require(lane)
        view = _number("view", USUAL_ANGLE, 170)
        size, distance = _number("size", None, 5000), _number("distance", None, 1000)
        answer = jsonify(_view(services.aim(lane), view or USUAL_ANGLE, size, distance))
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _require(lane: str) -> None:
        if lane not in services.lanes:
            abort(404, f"there is no lane {lane!r}")

    return pages


def _view(aim: Mapping[str, Any] | None, view: float, size: float | None, distance: float | None) -> dict[str, Any]:
    """What the page shows. Distances are mm; there are none where they are to follow from a code and none is there."""
    code = aim["code"] if aim else None
    modules = code["modules"] if code else USUAL_MODULES
    focal = None
    if size and distance:
        focal = focal_by_distance(code["px_per_module"], size, modules, distance * 1000) if code else None
    elif aim:
        focal = focal_by_view(aim["width"], view)
    reach = distances(modules, focal) if focal else ()
    return {"aim": aim, "modules": modules, "distances": [asdict(one) for one in reach]}


def _number(name: str, default: float | None, most: float) -> float | None:
    if name not in request.args:
        return default
    value = read_decimal(request.args[name], most)
    if value is None:
        abort(400, f"{name} must be a number above 0 and up to {most:g}")
    return value
