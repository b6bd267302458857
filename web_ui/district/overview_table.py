"""Counts of the day as tables: what stands right beneath a level, levels first, then stations; a station's lanes."""

from collections.abc import Mapping, Sequence
from functools import partial

from station.domain.tables import Cell, Report, Table
from web_ui.district.languages import chosen
from web_ui.district.services import View
from web_ui.text import text

COUNTS = ("granted", "held", "denied", "vehicles", "persons", "crossings", "unmatched")


def overview_report(beneath: Mapping[str, Sequence[View]], line: str) -> Report:
    t = partial(text, f"district.{chosen()}")
    columns = (*(t(f"tree.{name}") for name in ("name", "state")), *(t(f"count.{name}") for name in COUNTS))
    rows = (*map(_of_level, beneath["levels"]), *map(_of_station, beneath["stations"]))
    table = Table(t("nav.tree"), (t("station.id"), *columns, t("station.to_come"), t("tree.attention")), rows)
    return Report(t("nav.tree"), (line,), (table,))


def station_report(station: View, line: str) -> Report:
    t = partial(text, f"district.{chosen()}")
    rows = tuple((lane["lane"], *(lane[count] for count in COUNTS)) for lane in station["lanes"])
    columns = (t("boards.lane_number"), *(t(f"count.{name}") for name in COUNTS))
    return Report(station["name"] or station["id"], (line,), (Table(t("lane.title"), columns, rows),))


def _of_level(level: View) -> tuple[Cell, ...]:
    t = partial(text, f"district.{chosen()}")
    online = t("tree.online", online=level["states"].get("online", 0), stations=level["stations"])
    why = (f"{t(f'reason.{reason}')} {count}" for reason, count in level["attention"].items())
    name = level[chosen()] or level["path"].rpartition("/")[2]
    counts = (level[count] for count in COUNTS)
    return (level["path"], name, online, *counts, level["backlog"], ", ".join(why))


def _of_station(station: View) -> tuple[Cell, ...]:
    t = partial(text, f"district.{chosen()}")
    counts = (sum(lane[count] for lane in station["lanes"]) for count in COUNTS)
    why = (t(f"reason.{reason}") for reason in station["reasons"])
    state = t(f"state.{station['state']}")
    return (station["id"], station["name"], state, *counts, station["backlog"], ", ".join(why))
