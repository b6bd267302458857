"""Sums over tallies, as every answer that counts something words them."""

import json
from collections.abc import Collection

COUNTED = ("passages", "vehicles", "persons", "granted", "held", "denied")
SUMS = """
  sum(tallies.passages) as passages, sum(tallies.vehicles) as vehicles, sum(tallies.persons) as persons,
  sum(iif(tallies.outcome = 'granted', tallies.passages, 0)) as granted,
  sum(iif(tallies.outcome = 'held', tallies.passages, 0)) as held,
  sum(iif(tallies.outcome = 'denied', tallies.passages, 0)) as denied
"""
# Cross joins keep the order: stations, their ledgers, and of each ledger the period alone, which is how tallies lie.
FROM_TALLIES = """
  from stations cross join epochs on epochs.station_id = stations.id
  cross join tallies on tallies.epoch_id = epochs.id and tallies.minute >= :begin and tallies.minute < :end
"""


def among(only: Collection[str] | None) -> str:
    """Condition for the named stations or for all. Two texts, so that the named ones are looked up and not sought."""
    return "true" if only is None else "stations.station in (select value from json_each(:only))"


def names(only: Collection[str] | None) -> str | None:
    """The value of ``:only``."""
    return None if only is None else json.dumps(list(only))
