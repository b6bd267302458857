"""The page's share of the collector: some stations at a time, and every one of them in the end."""

from hub_messages import NOW, SHANGHAI, live, received, state
from hub_running import DISTRICT

from station.feed import Feed
from station.hub.database import Database
from station.hub.overview import ALL_AGAIN_SECONDS, AT_ONCE, PUBLISH_SECONDS, REST, Overview
from station.hub.queries import Queries
from station.hub.store import Store

MANY = AT_ONCE * 2 + 1


class Rig:
    """An overview whose every look takes as long as a test says."""

    def __init__(self, database: Database, stations: int) -> None:
        self.store = Store(database, SHANGHAI)
        self.names = [f"s-{number:04}" for number in range(stations)]
        batch = [received(message, name) for name in self.names for message in (state(), live(3, lane_1=3))]
        self.store.apply(batch)
        self.feed, self.time, self.looking = Feed(), 0.0, 0.0
        queries = Queries(database, DISTRICT, SHANGHAI, self._now)
        self.overview = Overview(queries, self.feed, lambda: NOW, lambda: self.time)

    def _now(self):
        self.time += self.looking / 2  # asked twice in one look
        return NOW

    def shown(self) -> int:
        return sum(topic.startswith("station/") for topic in self.feed.changes(0, 0)[1])


def test_stations_are_shown_some_at_a_time_and_the_levels_when_all_are(database: Database) -> None:
    rig = Rig(database, MANY)
    shown = []
    for _ in range(3):
        rig.overview.publish()
        shown.append((rig.shown(), "level/pingyuan" in rig.feed.changes(0, 0)[1]))
    assert shown == [(AT_ONCE, False), (AT_ONCE * 2, False), (MANY, True)]
    assert rig.feed.changes(0, 0)[1]["level/pingyuan"]["granted"] == 3 * MANY


def test_after_a_look_that_took_long_the_page_waits_its_turn(database: Database) -> None:
    rig = Rig(database, MANY)
    rig.looking = 1.0
    rig.overview.publish()
    rig.time += REST * rig.looking - 0.01
    rig.overview.publish()
    assert rig.shown() == AT_ONCE
    rig.time += 0.02
    rig.overview.publish()
    assert rig.shown() == AT_ONCE * 2


def test_a_touched_station_is_shown_in_the_next_round(database: Database) -> None:
    rig = Rig(database, 2)
    rig.overview.publish()
    rig.store.apply([received(live(9, lane_1=9), "s-0001")])
    rig.overview.touch(["s-0001"])
    rig.time += PUBLISH_SECONDS
    rig.overview.publish()
    assert rig.feed.changes(0, 0)[1]["station/s-0001"]["lanes"][0]["granted"] == 9
    assert rig.feed.changes(0, 0)[1]["level/pingyuan"]["granted"] == 12


def test_in_a_long_round_the_levels_are_told_on_the_way(database: Database) -> None:
    rig = Rig(database, MANY)
    rig.overview.publish()
    rig.time += PUBLISH_SECONDS
    rig.overview.publish()
    assert rig.shown() == AT_ONCE * 2
    assert rig.feed.changes(0, 0)[1]["level/pingyuan"]["granted"] == 3 * AT_ONCE * 2


def test_what_changed_is_looked_at_before_what_is_only_due_again(database: Database) -> None:
    rig = Rig(database, MANY)
    for _ in range(3):
        rig.overview.publish()
    rig.time += ALL_AGAIN_SECONDS
    rig.store.apply([received(live(9, lane_1=9), "s-0003")])
    rig.overview.touch(["s-0003"])
    rig.overview.publish()
    assert rig.feed.changes(0, 0)[1]["station/s-0003"]["lanes"][0]["granted"] == 9
