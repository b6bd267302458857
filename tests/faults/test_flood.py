"""A flood of declarations: the collector goes on, the disk stays as it is, and nothing is counted wrongly."""

import threading
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from broker import Broker
from driver_hub import DriverHub, driver_hub
from hub_messages import segment, state, tally
from hub_running import Station
from scripted_driver import BUS, ROAD
from station_process import get_json
from waiting import until

pytestmark = [pytest.mark.faults, pytest.mark.clock]

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
def hub(broker: Broker, tmp_path: Path) -> Iterator[DriverHub]:
    with driver_hub(tmp_path, broker.url, [ROAD, BUS], driver="per_address = 200") as hub:
        yield hub


def pour(url: str, codes: list[int]) -> None:
    opener = urllib.request.build_opener(StayHere)
    for _ in range(EACH):
        try:
            opener.open(urllib.request.Request(url, FILLED), timeout=30)
        except urllib.error.HTTPError as answer:
            codes.append(answer.code)
            answer.close()


def size_of(folder: Path) -> int:
    """All files but the database's write-ahead log, which SQLite begins anew at some 4 MB."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm")))
    return sum(path.stat().st_size for path in files)


def test_a_flood_neither_fills_the_disk_nor_holds_up_what_the_stations_say(
    broker: Broker, hub: DriverHub, tmp_path: Path
) -> None:
    north = Station(broker.url, "north")
    north.say(state(), retain=True)
    until(lambda: get_json(f"{hub.district}/api/v1/stations")["stations"], what="the station in the district")
    north.say(segment(1, tally(passages=1)))
    until(lambda: north.acks, what="the first acknowledgement")
    before = size_of(tmp_path)
    answered: list[int] = []
    asked = f"{hub.drivers}/b/{ROAD.number}", answered
    flood = [threading.Thread(target=pour, args=asked) for _ in range(CONNECTIONS)]
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
    until(lambda: hub.boards()[ROAD.number][1] == codes[303], what="every declaration that was taken, and no other")
    assert size_of(tmp_path) - before < ROOM
    assert (tmp_path / "hub" / "hub.sqlite3-wal").stat().st_size < LONGEST_LOG
    north.close()
