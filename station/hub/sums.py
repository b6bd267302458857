"""Sums over tallies, as every answer that counts something words them."""

COUNTED = ("passages", "vehicles", "persons", "granted", "held", "denied")
SUMS = """
  sum(tallies.passages) as passages, sum(tallies.vehicles) as vehicles, sum(tallies.persons) as persons,
  sum(iif(tallies.outcome = 'granted', tallies.passages, 0)) as granted,
  sum(iif(tallies.outcome = 'held', tallies.passages, 0)) as held,
  sum(iif(tallies.outcome = 'denied', tallies.passages, 0)) as denied
"""
FROM_TALLIES = """
  from stations join epochs on epochs.station_id = stations.id join tallies on tallies.epoch_id = epochs.id
  and tallies.minute >= :begin and tallies.minute < :end
"""
