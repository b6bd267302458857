"""The pages' share of the collector: some stations at a time, and every one of them in the end."""

import pytest
from hub_messages import NOW, SHANGHAI, live, received, state
from hub_running import DISTRICT

from station.hub.database import Database
from station.hub.overview import ALL_AGAIN_SECONDS, AT_ONCE, REST, ROUND_SECONDS, Overview
from station.hub.queries import Queries
from station.hub.store import Store

pytestmark = pytest.mark.clock

MANY = AT_ONCE * 2 + 1


class Rig:
    """An overview whose every look takes as long as a test says."""

    def __init__(self, database: Database, stations: int) -> None:
        self.store = Store(database, SHANGHAI)
        self.names = [f"s-{number:04}" for number in range(stations)]
        batch = [received(message, name) for name in self.names for message in (state(), live(3, lane_1=3))]
        self.store.apply(batch)
        self.time, self.looking = 0.0, 0.0
        queries = Queries(database, DISTRICT, SHANGHAI, self._now)
        self.overview = Overview(queries, lambda: NOW, lambda: self.time)

    def _now(self):
        self.time += self.looking / 2  # asked twice in one look
        return NOW

    def shown(self) -> dict[str, int]:
        """Stations and their granted passages, as the district's level has them."""
        level = self.overview.tree.node(DISTRICT)
        return {"stations": level["stations"], "granted": level["granted"]}

    def granted(self, station: str) -> int:
        view = self.overview.tree.station(station)
        assert view is not None
        return int(view["lanes"][0]["granted"])


def test_stations_are_looked_at_some_at_a_time_and_each_counts_at_once(database: Database) -> None:
    rig = Rig(database, MANY)
    for looked_at in (AT_ONCE, AT_ONCE * 2, MANY):
        rig.overview.look()
        assert rig.shown() == {"stations": looked_at, "granted": 3 * looked_at}


def test_after_a_look_that_took_long_the_page_waits_its_turn(database: Database) -> None:
    rig = Rig(database, MANY)
    rig.looking = 1.0
    rig.overview.look()
    rig.time += REST * rig.looking - 0.01
    rig.overview.look()
    assert rig.shown()["stations"] == AT_ONCE
    rig.time += 0.02
    rig.overview.look()
    assert rig.shown()["stations"] == AT_ONCE * 2


def test_a_touched_station_is_looked_at_in_the_next_round(database: Database) -> None:
    rig = Rig(database, 2)
    rig.overview.look()
    rig.store.apply([received(live(9, lane_1=9), "s-0001")])
    rig.overview.touch(["s-0001"])
    rig.time += ROUND_SECONDS
    rig.overview.look()
    assert rig.granted("s-0001") == 9
    assert rig.shown()["granted"] == 12


def test_what_changed_is_looked_at_before_what_is_only_due_again(database: Database) -> None:
    rig = Rig(database, MANY)
    for _ in range(3):
        rig.overview.look()
    rig.time += ALL_AGAIN_SECONDS
    rig.store.apply([received(live(9, lane_1=9), "s-0003")])
    rig.overview.touch(["s-0003"])
    rig.overview.look()
    assert rig.granted("s-0003") == 9


def test_what_is_touched_meanwhile_does_not_wait_for_the_others(database: Database) -> None:
    rig = Rig(database, MANY)
    rig.overview.look()
    last = rig.names[-1]
    rig.store.apply([received(live(9, lane_1=9), last)])
    rig.overview.touch([last])
    rig.time += ROUND_SECONDS
    rig.overview.look()
    assert rig.granted(last) == 9
    assert rig.shown()["stations"] == AT_ONCE * 2
