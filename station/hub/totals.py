"""Every total the hub holds, by station and key: what a simulation's ground truth is compared with."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from station.hub.reading import reading


class KeyedTotal(NamedTuple):
    station: str
    lane: str
    minute: str
    kind: str
    origin: str
    outcome: str
    passages: int
    vehicles: int
    persons: int


def keyed_totals(path: Path) -> Iterator[KeyedTotal]:
    """Summed over the ledgers (epochs) a station has had; keys that count nothing are left out."""
    with reading(path) as connection:
        rows = connection.execute(
            "select station, lane, minute, kind, origin, outcome, sum(passages), sum(vehicles), sum(persons)"
            " from stations join epochs on epochs.station_id = stations.id join tallies on tallies.epoch_id = epochs.id"
            " group by 1, 2, 3, 4, 5, 6 having sum(passages) > 0"
        )
        for row in rows:
            yield KeyedTotal(*row)
