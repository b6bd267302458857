"""Who stands where on which days, as every roll-up asks it: the registry's placements, and where it is silent what the
station itself says in its state.

``places`` has a row for each stretch of days. ``beneath`` has a row for each level above a place, so that a level finds
what stands under it. The district itself needs none: everything stands under it.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from station.domain.levels import LONGEST_NAME, MOST_DEEP, SEPARATOR, above, spans
from station.hub.database import Connection

_SAID = "select id, station, levels from stations"
_PLACED = "select station, since, path from placements"
_HOLD = "insert into places (station_id, since, until, path) values (:station, :since, :until, :path)"
_HOLD_BENEATH = "insert into beneath (path, leaf) values (:path, :leaf) on conflict (path, leaf) do nothing"

_LONGEST_SAID = MOST_DEEP * (6 * LONGEST_NAME + 4)  # an escaped character takes six
_EXCESS = f"levels: more than {MOST_DEEP} levels of {LONGEST_NAME} characters were stored of it"
_TELL_EXCESS = """
insert into dead_letters (station, name, reason, fingerprint, software, messages, first_at, last_at)
values (:station, 'state', :reason, '', '', 1, '', '') on conflict (station, name, reason) do nothing
"""


def settle(connection: Connection, stations: Collection[str]) -> None:
    """Write down anew where these stations stand."""
    these = {"stations": connection.array(stations)}
    here = connection.among("station", "stations")
    placed = placements_of(connection.execute(f"{_PLACED} where {here}", these))
    rows, leaves, ids = [], set(), []
    for row in connection.execute(f"{_SAID} where {here} order by id {connection.for_update}", these):
        ids.append(row["id"])
        for span in spans(placed.get(row["station"], {}), said_path(row["levels"])):
            rows.append({"station": row["id"], "since": span.since, "until": span.until, "path": span.path})
            leaves.add(span.path)
    gone = connection.among("station_id", "ids")
    connection.execute(f"delete from places where {gone}", {"ids": connection.array(ids)})
    connection.executemany(_HOLD, rows)
    beneath = sorted((path, leaf) for leaf in leaves if leaf for path in above(leaf))
    connection.executemany(_HOLD_BENEATH, [{"path": path, "leaf": leaf} for path, leaf in beneath])


def said_path(levels: str) -> str:
    """Of a station that has not said where it is, the empty text: it stands under the district alone."""
    return SEPARATOR.join(json.loads(levels))


def placements_of(rows: Iterable[Any]) -> dict[str, dict[str, str]]:
    """Of each station, the path by the day since which it holds."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        found[row["station"]][row["since"]] = row["path"]
    return dict(found)


def _forget_excess(connection: Connection) -> None:
    """What stations said of themselves before messages had bounds. Such a station is under the district until it says
    its levels anew, and told of on the list of those that need attention."""
    said = connection.execute("select station, levels from stations where levels <> '[]'").fetchall()
    if wrong := [row["station"] for row in said if _is_too_much(row["levels"])]:
        these = {"stations": connection.array(wrong)}
        here = connection.among("station", "stations")
        connection.execute(f"update stations set levels = '[]' where {here}", these)
        letters = [{"station": station, "reason": _EXCESS} for station in wrong]
        connection.executemany(_TELL_EXCESS, letters)
        settle(connection, wrong)
        connection.execute("delete from beneath where leaf not in (select path from places)")


def _is_too_much(levels: str) -> bool:
    if len(levels) > _LONGEST_SAID:
        return True
    names = json.loads(levels)
    return len(names) > MOST_DEEP or any(len(name) > LONGEST_NAME for name in names)


def settle_missing(connection: Connection) -> None:
    """Stations that were heard before places were written down, or that said more levels than there may be."""
    _forget_excess(connection)
    rows = connection.execute(
        "select station from stations where not exists (select 1 from places where station_id = stations.id)"
    )
    settle(connection, [row["station"] for row in rows.fetchall()])
