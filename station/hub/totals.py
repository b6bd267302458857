"""Every total the hub holds, by station and key: what a simulation's ground truth is compared with."""

from collections.abc import Iterator

from station.domain.totals import KeyedTotal
from station.hub.database import Readable


def keyed_totals(database: Readable) -> Iterator[KeyedTotal]:
    """Summed over the ledgers (epochs) a station has had; keys that count nothing are left out."""
    with database.reading() as connection:
        rows = connection.execute(
            "select station, lane, minute, kind, origin, outcome, "
            " sum(passages) as passages, sum(vehicles) as vehicles, sum(persons) as persons"
            " from stations join epochs on epochs.station_id = stations.id join tallies on tallies.epoch_id = epochs.id"
            " group by 1, 2, 3, 4, 5, 6 having sum(passages) > 0"
        )
        for row in rows:
            yield KeyedTotal(**dict(row))
