"""The district's tree as the hub keeps it: read whole, changed by a plan."""

from station.domain.level_import import Plan
from station.domain.levels import Level, Placement, Registry
from station.hub.database import Connection
from station.hub.places import placements_of
from station.hub.standings import make_stations

_HOLD_LEVEL = """
insert into levels (path, zh, en) values (:path, :zh, :en)
on conflict (path) do update set zh = excluded.zh, en = excluded.en
"""
_HOLD_PLACEMENT = """
insert into placements (station, since, path) values (:station, :since, :path)
on conflict (station, since) do update set path = excluded.path
"""


def read_registry(connection: Connection) -> Registry:
    levels = (Level(row["path"], row["zh"], row["en"]) for row in connection.execute("select path, zh, en from levels"))
    rows = connection.execute("select station, since, path from placements")
    return Registry({level.path: level for level in levels}, placements_of(rows))


def change_registry(connection: Connection, plan: Plan) -> None:
    """A station that was never heard is known from now on, and missed."""
    connection.executemany(_HOLD_LEVEL, [{"path": level.path, "zh": level.zh, "en": level.en} for level in plan.levels])
    connection.executemany(_HOLD_PLACEMENT, [_values(placement) for placement in plan.placements])
    make_stations(connection, {placement.station for placement in plan.placements})


def _values(placement: Placement) -> dict[str, str]:
    return {"station": placement.station, "since": placement.since, "path": placement.path}
