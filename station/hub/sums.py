"""Sums over tallies, as every answer that counts something words them."""

from collections.abc import Collection
from typing import Any

from station.hub.database import Connection

COUNTED = ("passages", "vehicles", "persons", "granted", "held", "denied")
SUMS = """
  sum(tallies.passages) as passages, sum(tallies.vehicles) as vehicles, sum(tallies.persons) as persons,
  sum(case when tallies.outcome = 'granted' then tallies.passages else 0 end) as granted,
  sum(case when tallies.outcome = 'held' then tallies.passages else 0 end) as held,
  sum(case when tallies.outcome = 'denied' then tallies.passages else 0 end) as denied
"""
# Cross joins keep SQLite's order: stations, their ledgers, and of each ledger the period alone, which is how tallies
# lie. PostgreSQL finds its own.
FROM_TALLIES = """
  from stations cross join epochs cross join tallies where epochs.station_id = stations.id
  and tallies.epoch_id = epochs.id and tallies.minute >= :begin and tallies.minute < :end and
"""


def among(connection: Connection, only: Collection[str] | None) -> str:
    """Condition for the named stations or for all. Two texts, so that the named ones are looked up and not sought."""
    return "true" if only is None else connection.among("stations.station", "only")


def names(connection: Connection, only: Collection[str] | None) -> dict[str, Any]:
    """The value of ``:only``, where it is one."""
    return {} if only is None else {"only": connection.array(only)}
