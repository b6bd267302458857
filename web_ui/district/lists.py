"""Signed lists: which version of each is the newest, how many stations hold it, and who does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from station.domain.tables import Report, Table
from web_ui.district import downloads
from web_ui.district.access import narrowed
from web_ui.district.languages import chosen
from web_ui.district.places import place_asked
from web_ui.district.services import DistrictServices, View
from web_ui.district.tree import level_asked
from web_ui.text import text

MOST_SHOWN = 200
COLUMNS = ("list", "newest", "station", "name", "held")


@dataclass(frozen=True, slots=True)
class Standing:
    """Of a list's ``newest`` version: who it is for, and those of them ``behind`` it with the version each holds, 0 for
    none. What every station holds is of all of them, what is named ``<station>/<list>`` of that one."""

    name: str
    newest: int
    stations: int
    behind: Sequence[tuple[View, int]]


def blueprint(services: DistrictServices) -> Blueprint:
    pages = Blueprint("lists", __name__)

    @pages.get("/lists")
    def page() -> ResponseReturnValue:
        place = place_asked(services)
        found = _standings(place.levels)
        wanted = request.args.get("list", "")
        if wanted and wanted not in {one.name for one in found}:
            abort(404)
        behind = [(one, *held) for one in found if wanted in ("", one.name) for held in one.behind]
        return render_template(
            "lists.html",
            place=place,
            lists=found,
            wanted=wanted,
            behind=behind[:MOST_SHOWN],
            total=len(behind),
            forms=downloads.FORMS,
        )

    @pages.get("/lists.<form>")
    def download(form: str) -> Response:
        return downloads.answer(services, _report(_standings(level_asked().split("/"))), form, "lists")

    def _standings(level: Sequence[str]) -> Sequence[Standing]:
        within = narrowed(level, services.district)
        stations = [one for one in services.stations() if tuple(one["levels"])[: len(within)] == within]
        found = (_standing(name, newest, stations) for name, newest in sorted(services.lists().items()))
        return [one for one in found if one.stations]

    return pages


def _standing(name: str, newest: int, stations: Sequence[View]) -> Standing:
    own, _, of_one = name.partition("/")
    those = [station for station in stations if not of_one or station["id"] == own]
    held = ((station, station["lists"].get(name, 0)) for station in those)
    return Standing(name, newest, len(those), [(station, version) for station, version in held if version < newest])


def _report(found: Sequence[Standing]) -> Report:
    t = partial(text, f"district.{chosen()}")
    rows = tuple(
        (one.name, one.newest, station["id"], station["name"], version)
        for one in found
        for station, version in one.behind
    )
    return Report(t("nav.lists"), (), (Table(t("lists.behind"), tuple(t(f"lists.{name}") for name in COLUMNS), rows),))
