"""A flood of declarations: the collector goes on, the disk stays as it is, and nothing is counted wrongly."""

import threading
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from broker import Broker, free_port
from hub_messages import segment, state, tally
from hub_running import Station
from scripted_driver import BUS, ROAD
from station_process import Program, get_json
from waiting import until

from station.hub.boards import register
from station.hub.store import SqliteStore
from station.passes.keys import new_signing_key

pytestmark = pytest.mark.faults

CONNECTIONS, EACH = 20, 40
FILLED = urllib.parse.urlencode(
    {"province": "豫", "serial": "G12345", "traffic": "car", "party": "1", "o": "4107", "must": "identity"}
).encode()
ROOM = 64 * 1024  # pages that a database touches for counters and tallies, however many come
LONGEST_LOG = 5 * 1024 * 1024


class StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@pytest.fixture
def hub(broker: Broker, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Addresses of the drivers' page and of the district's."""
    new_signing_key(tmp_path / "district.key")
    drivers, district = (f"127.0.0.1:{free_port()}" for _ in range(2))
    (tmp_path / "hub.toml").write_text(f"""
[hub]
district = "pingyuan"
data_dir = "{tmp_path / "hub"}"
[broker]
url = "{broker.url}"
[web]
listen = "{district}"
anonymous_read = true
[signing]
key = "{tmp_path / "district.key"}"
[driver]
listen = "{drivers}"
per_address = 200
""")
    store = SqliteStore(tmp_path / "hub")
    register(store, [ROAD, BUS])
    store.close()
    running = Program(tmp_path, "hub", "hub", "run", "--config", str(tmp_path / "hub.toml"))
    yield f"http://{drivers}", f"http://{district}"
    assert running.stop() == 0


def pour(url: str, codes: list[int]) -> None:
    opener = urllib.request.build_opener(StayHere)
    for _ in range(EACH):
        try:
            opener.open(urllib.request.Request(url, FILLED), timeout=30)
        except urllib.error.HTTPError as answer:
            codes.append(answer.code)


def size_of(folder: Path) -> int:
    """All files but the database's write-ahead log, which SQLite begins anew at some 4 MB."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm")))
    return sum(path.stat().st_size for path in files)


def test_a_flood_neither_fills_the_disk_nor_holds_up_what_the_stations_say(
    broker: Broker, hub: tuple[str, str], tmp_path: Path
) -> None:
    drivers, district = hub
    north = Station(broker.url, "north")
    north.say(state(), retain=True)
    until(lambda: get_json(f"{district}/api/v1/stations")["stations"], what="the station in the district")
    north.say(segment(1, tally(passages=1)))
    until(lambda: north.acks, what="the first acknowledgement")
    before = size_of(tmp_path)
    answered: list[int] = []
    flood = [threading.Thread(target=pour, args=(f"{drivers}/b/{ROAD.number}", answered)) for _ in range(CONNECTIONS)]
    for thread in flood:
        thread.start()
    for number in range(2, 12):
        north.say(segment(number, tally(passages=number)))
        until(lambda number=number: north.acks[-1].segment >= number, 30, f"segment {number} amid the flood")
    for thread in flood:
        thread.join()
    codes = Counter(answered)
    assert len(answered) == CONNECTIONS * EACH
    assert set(codes) <= {303, 429, 503}
    assert codes[429] > 0
    until(lambda: _declarations(district) == codes[303], what="every declaration that was taken, and no other")
    assert size_of(tmp_path) - before < ROOM
    assert (tmp_path / "hub" / "hub.sqlite3-wal").stat().st_size < LONGEST_LOG
    north.close()


def _declarations(district: str) -> int:
    (row,) = (row for row in get_json(f"{district}/api/v1/boards")["boards"] if row["number"] == ROAD.number)
    count: int = row["declarations"]
    return count
