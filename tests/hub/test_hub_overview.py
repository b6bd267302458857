"""The page's share of the collector: some stations at a time, and every one of them in the end."""

from pathlib import Path
from zoneinfo import ZoneInfo

from hub_messages import NOW, live, received, state
from hub_running import DISTRICT

from station.feed import Feed
from station.hub.overview import AT_ONCE, PUBLISH_SECONDS, REST, Overview
from station.hub.queries import Queries
from station.hub.store import SqliteStore

MANY = AT_ONCE * 2 + 1


class Rig:
    """An overview whose every look takes as long as a test says."""

    def __init__(self, folder: Path, stations: int) -> None:
        self.store = SqliteStore(folder)
        self.names = [f"s-{number:04}" for number in range(stations)]
        batch = [received(message, name) for name in self.names for message in (state(), live(3, lane_1=3))]
        self.store.apply(batch)
        self.feed, self.time, self.looking = Feed(), 0.0, 0.0
        queries = Queries(self.store.path, DISTRICT, ZoneInfo("Asia/Shanghai"), self._now)
        self.overview = Overview(queries, self.feed, lambda: NOW, lambda: self.time)

    def _now(self):
        self.time += self.looking / 2  # asked twice in one look
        return NOW

    def shown(self) -> int:
        return sum(topic.startswith("station/") for topic in self.feed.changes(0, 0)[1])


def test_stations_are_shown_some_at_a_time_and_the_totals_when_all_are(tmp_path: Path) -> None:
    rig = Rig(tmp_path, MANY)
    shown = []
    for _ in range(3):
        rig.overview.publish()
        shown.append((rig.shown(), "totals" in rig.feed.changes(0, 0)[1]))
    assert shown == [(AT_ONCE, False), (AT_ONCE * 2, False), (MANY, True)]
    assert rig.feed.changes(0, 0)[1]["totals"]["granted"] == 3 * MANY
    rig.store.close()


def test_after_a_look_that_took_long_the_page_waits_its_turn(tmp_path: Path) -> None:
    rig = Rig(tmp_path, MANY)
    rig.looking = 1.0
    rig.overview.publish()
    rig.time += REST * rig.looking - 0.01
    rig.overview.publish()
    assert rig.shown() == AT_ONCE
    rig.time += 0.02
    rig.overview.publish()
    assert rig.shown() == AT_ONCE * 2
    rig.store.close()


def test_a_touched_station_is_shown_in_the_next_round(tmp_path: Path) -> None:
    rig = Rig(tmp_path, 2)
    rig.overview.publish()
    rig.store.apply([received(live(9, lane_1=9), "s-0001")])
    rig.overview.touch(["s-0001"])
    rig.time += PUBLISH_SECONDS
    rig.overview.publish()
    assert rig.feed.changes(0, 0)[1]["station/s-0001"]["lanes"][0]["granted"] == 9
    assert rig.feed.changes(0, 0)[1]["totals"]["granted"] == 12
    rig.store.close()
