"""Where the sums of a roll-up are read: the tallies, or their summaries by local hour and day. One question is worded
alike for all of them."""

from dataclasses import dataclass

from station.hub.sums import COUNTED, SUMS

GRAINS = ("lane", "kind", "origin")


@dataclass(frozen=True, slots=True)
class Source:
    """``value`` is the column that holds a grain's value; ``day`` and ``hour`` are columns, or empty where the piece of
    the period lies in one. ``marked``: only hours that are marked as stale are read. ``by_span``: the
    period itself heeds on which days a station stands somewhere. ``sign``: -1 takes away."""

    table: str
    period: str
    counts: str
    value: str
    day: str = ""
    hour: str = ""
    marked: bool = False
    by_span: bool = False
    sign: int = 1


def _summed(table: str) -> str:
    return ", ".join(f"sum({table}.{column}) as {column}" for column in COUNTED)


MINUTES = Source(
    "tallies",
    "tallies.epoch_id = epochs.id and tallies.minute >= :first and tallies.minute < :last",
    SUMS,
    "tallies.{grain}",
)
HOURS = Source(
    "hour_sums",
    "hour_sums.epoch_id = epochs.id and hour_sums.grain = :grain"
    " and hour_sums.hour >= :first and hour_sums.hour < :last",
    _summed("hour_sums"),
    "hour_sums.value",
    day="hour_sums.day",
    hour="hour_sums.hour",
)
DAYS = Source(
    "day_sums",
    "day_sums.epoch_id = epochs.id and day_sums.grain = :grain and day_sums.day >= :first and day_sums.day < :last",
    _summed("day_sums"),
    "day_sums.value",
    day="day_sums.day",
)
# Whole days without a look at each: what ran up to the last one, less what ran up to the one before the first.
_BOUNDS = {
    "upper": "case when places.until < :last then places.until else :last end",
    "lower": "case when places.since > :first then places.since else :first end",
}
RUNNING = Source(
    "running_sums as upper cross join running_sums as lower",
    "places.since < :last and places.until > :first and "
    + " and ".join(
        f"{name}.epoch_id = epochs.id and {name}.day = (select max(day) from running_sums as until_{name}"
        f" where until_{name}.epoch_id = epochs.id and until_{name}.day < {bound})"
        for name, bound in _BOUNDS.items()
    ),
    ", ".join(f"sum(upper.{column} - lower.{column}) as {column}" for column in COUNTED),
    "",
    by_span=True,
)
STALE_SUMS = Source(
    "hour_sums",
    "hour_sums.epoch_id = epochs.id and hour_sums.grain = :grain and hour_sums.hour = stale_hours.hour",
    _summed("hour_sums"),
    "hour_sums.value",
    day="stale_hours.day",
    hour="stale_hours.hour",
    marked=True,
    sign=-1,
)
STALE_TALLIES = Source(
    "tallies",
    "tallies.epoch_id = epochs.id and tallies.minute >= stale_hours.hour and tallies.minute < stale_hours.until",
    SUMS,
    "tallies.{grain}",
    day="stale_hours.day",
    hour="stale_hours.hour",
    marked=True,
)
_MARKED = "stale_hours.epoch_id = epochs.id and stale_hours.hour >= :first and stale_hours.hour < :last"


def grain_of(split: str) -> str:
    return split if split in GRAINS else "all"


def worded(source: Source, path: str, step: str, split: str) -> str:
    """The question: columns k0, k1, .. are what it is grouped by, a step that the source does not know left out."""
    keys = keys_of(source, step, split)
    columns = "".join(f"{column} as k{place}, " for place, (column, _) in enumerate(keys))
    groups = ", ".join(group for _, group in keys)
    return (
        f"select {columns}{source.counts} from {_tables(source, path, split)} where {_conditions(source, path, split)}"
        f"{f' group by {groups}' if groups else ''} having count(*) > 0"
    )


def keys_of(source: Source, step: str, split: str) -> list[tuple[str, str]]:
    """Columns, each with what it is grouped by: places as they are read, so that none is sorted."""
    keys = {"hour": [(source.hour, source.hour)], "day": [(source.day, source.day)], "": []}[step]
    by_station = ("min(stations.station)", "places.station_id")
    value = source.value.format(grain=split)
    match split:
        case "station":
            split_keys = [by_station]
        case "lane":
            split_keys = [by_station, (value, value)]
        case "place":
            split_keys = [("min(places.path)", "places.station_id, places.since")]
        case "":
            split_keys = []
        case _:
            split_keys = [(value, value)]
    return [key for key in (*keys, *split_keys) if key[0]]


def _tables(source: Source, path: str, split: str) -> str:
    """SQLite keeps the order of cross joins, PostgreSQL finds its own. Of a level: what stands there, its ledgers, and
    of each the period alone. Of the whole district the few marked hours come first."""
    stations = ["stations"] if split in ("station", "lane") else []
    if path:
        order = ["beneath", "places", *stations, "epochs", *(["stale_hours"] if source.marked else [])]
    elif source.marked:
        order = ["stale_hours", "epochs", "places", *stations]
    else:
        order = ["places", *stations, "epochs"]
    return " cross join ".join([*order, source.table])


def _conditions(source: Source, path: str, split: str) -> str:
    day = source.day or ":day"
    conditions = [
        *(["beneath.path = :path", "places.path = beneath.leaf"] if path else []),
        *(["stations.id = places.station_id"] if split in ("station", "lane") else []),
        "epochs.station_id = places.station_id",
        *([_MARKED] if source.marked else []),
        source.period,
        *([] if source.by_span else [f"places.since <= {day} and {day} < places.until"]),
    ]
    return " and ".join(conditions)
