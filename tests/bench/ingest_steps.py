"""What the hub spends on a message, in processor time: reading it, and storing it in a batch. Asked by ``regression``
of one version of the product at a time: nothing but ``station`` is imported.

``ingest_steps.py MESSAGES STORE``: messages as ``regression`` pickled them; a folder, or a PostgreSQL database's URL.
"""

import json
import pickle
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from station.hub.database import Database
from station.hub.postgres import PostgresDatabase
from station.hub.received import read
from station.hub.sqlite import SqliteDatabase
from station.hub.store import Store
from station.runtime import collect_garbage_seldom

BATCH = 500  # as many as the collector takes at a time
BEGIN = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
Work = Sequence[tuple[str, str, bytes]]
"""The station, the message's name, and its payload."""


def measure(rounds: Sequence[Work], database: Database) -> dict[str, list[float]]:
    """Microseconds a message in each round but the first, in which the stations are new."""
    store, now = Store(database, ZoneInfo("Asia/Shanghai")), BEGIN
    steps: dict[str, list[float]] = {"read": [], "store": []}
    for work in rounds:
        reading = storing = 0.0
        for first in range(0, len(work), BATCH):
            now += timedelta(seconds=1)
            began = time.process_time()
            batch = [read(station, name, payload, now) for station, name, payload in work[first : first + BATCH]]
            done = time.process_time()
            store.apply(batch)
            reading, storing = reading + done - began, storing + time.process_time() - done
        steps["read"].append(reading / len(work) * 1e6)
        steps["store"].append(storing / len(work) * 1e6)
    return {step: values[1:] for step, values in steps.items()}


def main(messages: str, store: str) -> None:
    rounds = pickle.loads(Path(messages).read_bytes())
    database = PostgresDatabase(store) if "://" in store else SqliteDatabase(Path(store))
    collect_garbage_seldom()
    print(json.dumps(measure(rounds, database)))
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
