"""Simulated stations and the hub's real store, with no network between them: every fault of a station, by seed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hub_messages import SHANGHAI
from simulated import BEGIN, a_plan
from storage import Storage

from station.commands.simulate_compare import KEY, beside_store
from station.domain.times import utc_text
from station.hub.database import Database
from station.hub.received import Received, Unreadable, read
from station.hub.sqlite import SqliteDatabase
from station.hub.store import Store
from station.messages import Ack, Live, Segment, StationState, encode
from station.simulation.crew import rows_of
from station.simulation.plan import EVENTS, Fault
from station.simulation.truth import differences, summed
from station.simulation.voice import Saying, Voice

SEEDS = range(25)


class Way:
    """Carries what a station says into the store, and the store's answers back."""

    def __init__(self, store: Store, voice: Voice) -> None:
        self._store, self._voice = store, voice
        self.heard: list[Received] = []

    def carry(self, sayings: Iterator[Saying], now: float) -> None:
        at = BEGIN + timedelta(seconds=now)
        batch = [read(self._voice.name, s.name, s.payload, at) for s in sayings]
        self.heard += batch
        for reply in self._store.apply(batch) if batch else ():
            name = "ack" if isinstance(reply.message, Ack) else "sync"
            self._voice.hear(name, encode(reply.message), now)


def live_on(voice: Voice, way: Way, seconds: float) -> None:
    """Turn by turn, until all is said and stored."""
    connected, now = False, 0.0
    while not voice.site.settled:
        assert now < seconds + 600, "does not settle"
        if voice.site.advance(now):
            voice.restart()
            connected = False
        if not connected:
            voice.connect(now)
            way.carry(iter([voice.state(StationState.ONLINE, now)]), now)
            connected = True
        way.carry(voice.say(now), now)
        now += 2.0


@pytest.fixture
def database(storage: Storage) -> Database:
    return storage.open()


@pytest.fixture
def store(database: Database) -> Store:
    ticks = iter(range(0, 10**9, 6))  # no two requests to offer again come too soon after each other
    return Store(database, SHANGHAI, monotonic=lambda: float(next(ticks)))


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_befalls_a_station_the_store_ends_with_the_truth(database: Database, store: Store, seed: int) -> None:
    plan = a_plan(seed=seed, faults=frozenset(Fault))
    voice = Voice(plan, 0)
    way = Way(store, voice)
    live_on(voice, way, plan.seconds)
    truth = list(rows_of(voice))
    assert truth
    assert beside_store(database, truth) == []
    assert not [one for one in way.heard if isinstance(one.message, Unreadable)]


def test_every_event_befalls_some_station_of_these_seeds() -> None:
    plans = [a_plan(seed=seed, faults=frozenset(Fault)) for seed in SEEDS]
    assert {fault for plan in plans for _, fault in plan.events(0)} == set(EVENTS)


def test_the_truth_is_the_plans_whatever_happens_on_the_way(tmp_path: Path) -> None:
    truths = []
    for name, faults in (("well", EVENTS), ("ill", Fault)):
        database = SqliteDatabase(tmp_path / name)
        store = Store(database, SHANGHAI, monotonic=lambda: 0.0)
        plan = a_plan(seed=4, faults=frozenset(faults))
        voice = Voice(plan, 0)
        live_on(voice, Way(store, voice), plan.seconds)
        truths.append(sorted(rows_of(voice), key=str))
        database.close()
    assert truths[0] == truths[1]


def test_what_the_store_counts_and_the_truth_does_not_is_found_and_named(database: Database, store: Store) -> None:
    plan = a_plan()
    voice = Voice(plan, 0)
    live_on(voice, Way(store, voice), plan.seconds)
    lost, *truth = rows_of(voice)
    assert beside_store(database, truth) == differences({}, summed([lost], KEY))


def test_a_backlog_is_told_in_a_small_window(store: Store) -> None:
    voice = Voice(a_plan(outage=8 * 3600.0, every=20.0), 0)
    voice.site.advance(0.0)
    said = [saying.name for saying in voice.say(0.0)]
    assert said == ["live", "segment"]
    assert [saying.name for saying in voice.say(1.0)] == []
    assert [saying.name for saying in voice.say(10.5)] == ["segment"]


def test_an_outage_lies_under_its_true_minutes_however_long_the_preparing_took_and_is_behind_until_it_is_stored(
    store: Store,
) -> None:
    voice = Voice(a_plan(outage=3600.0, every=60.0, seconds=10.0), 0)
    voice.site.advance(0.0)
    voice.site.postpone(90.0)
    assert voice.site.clock.text(0.0) == utc_text(BEGIN + timedelta(seconds=90))
    minutes = sorted(key.minute for key, _ in voice.site.ledger.stated())
    assert (minutes[0][:13], minutes[-1]) == ("2026-03-01T03", "2026-03-01T03:59Z")
    assert voice.site.behind
    live_on(voice, Way(store, voice), 10.0)
    assert not voice.site.behind


def test_live_frames_come_on_change_at_most_every_two_seconds_and_count_the_day(store: Store) -> None:
    voice = Voice(a_plan(every=1.0, seconds=60.0), 0)
    way = Way(store, voice)
    live_on(voice, way, 60.0)
    frames = [one.message for one in way.heard if isinstance(one.message, Live)]
    segments = [one.message for one in way.heard if isinstance(one.message, Segment)]
    assert 25 <= len(frames) <= 61
    last = frames[-1]
    assert last.seq == max(segment.through_seq for segment in segments)
    passages = sum(lane.granted + lane.held + lane.denied for lane in last.lanes.values())
    assert passages == sum(row.passages for row in rows_of(voice))
