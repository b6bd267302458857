"""Whatever was told, in whatever order, however far the summaries have come: an answer is what a sum over all tallies
would be, each day under where the station stood on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from hub_messages import received, segment, state, tally
from hypothesis import given, settings
from hypothesis import strategies as st

from station.domain.level_import import Plan
from station.domain.levels import ALWAYS, Level, Placement
from station.domain.moment import minute_of
from station.hub.level_registry import change_registry
from station.hub.local_hours import LocalHours
from station.hub.rollups import Question, rolled_up
from station.hub.sqlite import SqliteDatabase
from station.hub.store import Store
from station.hub.summaries import Summaries
from station.messages import SegmentTally

# Three days of each zone: without a change of clocks, with half hours, and with clocks put forward and back.
ZONES = {
    "Asia/Shanghai": ("2026-02-28",),
    "Asia/Kolkata": ("2026-02-28",),
    "Europe/Berlin": ("2026-03-28", "2026-10-24"),
    "America/New_York": ("2026-03-07", "2026-10-31"),
    "Australia/Lord_Howe": ("2026-04-04", "2026-10-03"),
}
STATIONS = {"said": "pingyuan/a/x", "silent": ""}
PATHS = ("pingyuan/a", "pingyuan/a/x", "pingyuan/a/y", "pingyuan/b")
SPLITS = ("", "station", "place", "lane", "kind", "origin")


@dataclass(frozen=True)
class Told:
    station: str
    epoch: int
    tally: SegmentTally


@dataclass(frozen=True)
class Story:
    zone: ZoneInfo
    begin: datetime
    told: list[list[Told]]
    works: list[int]
    """How often the summaries work after each batch; 9 for until nothing is left."""
    moves: list[tuple[str, str, str]]


def tallies(begin: datetime) -> st.SearchStrategy[SegmentTally]:
    """Often in the night in which the clocks are changed."""
    any_time, that_night = st.integers(0, 3 * 24 * 60 - 1), st.integers(24 * 60, 29 * 60)
    minutes = st.one_of(any_time, that_night).map(lambda after: minute_of(begin + timedelta(minutes=after)))
    return st.builds(
        lambda minute, lane, kind, origin, outcome, passages: tally(
            passages=passages, minute=minute, lane=lane, kind=kind, origin=origin, outcome=outcome
        ),
        st.one_of(minutes, st.just("boot:b+7")),
        st.sampled_from("12"),
        st.sampled_from(("car", "bus")),
        st.sampled_from(("unknown", "risk_area")),
        st.sampled_from(("granted", "held", "denied")),
        st.integers(0, 3),
    )


@st.composite
def stories(draw: st.DrawFn) -> Story:
    name, first = draw(st.sampled_from([(name, first) for name, days in ZONES.items() for first in days]))
    zone = ZoneInfo(name)
    begin = datetime.fromisoformat(first).replace(tzinfo=zone).astimezone(UTC)
    known = draw(st.lists(tallies(begin), min_size=1, max_size=6))
    said = draw(
        st.lists(
            st.tuples(st.sampled_from(tuple(STATIONS)), st.integers(1, 2), st.sampled_from(known), st.integers(0, 3)),
            min_size=1,
            max_size=25,
        )
    )
    # A key is told again and again with other totals, 0 among them, each time with a version of its own.
    told = [
        Told(station, epoch, tally(version, passages, **words(key)))
        for version, (station, epoch, key, passages) in enumerate(said, 1)
    ]
    shuffled = draw(st.permutations(told)) + draw(st.lists(st.sampled_from(told), max_size=5))
    at = sorted(draw(st.lists(st.integers(0, len(shuffled)), max_size=3)))
    batches = [list(shuffled[a:b]) for a, b in zip([0, *at], [*at, len(shuffled)], strict=True)]
    days = [(begin.astimezone(zone).date() + timedelta(days=more)).isoformat() for more in range(4)]
    move = st.tuples(st.sampled_from(tuple(STATIONS)), st.sampled_from([ALWAYS, *days]), st.sampled_from(PATHS))
    return Story(
        zone,
        begin,
        batches,
        draw(st.lists(st.sampled_from((0, 1, 9, 9)), min_size=len(batches), max_size=len(batches))),
        draw(st.lists(move, max_size=4)),
    )


def words(key: SegmentTally) -> dict[str, str]:
    return {name: getattr(key, name) for name in ("minute", "lane", "kind", "origin", "outcome")}


@st.composite
def questions(draw: st.DrawFn, zone: ZoneInfo, begin: datetime) -> Question:
    """Over any minutes, over the whole hours of most zones, and often over whole days."""
    local = begin.astimezone(zone).date()
    midnights = [datetime.combine(local + timedelta(days=more), time(), zone).astimezone(UTC) for more in range(4)]
    minutes = st.integers(-60, 3 * 24 * 60 + 60).map(lambda after: begin + timedelta(minutes=after))
    hours = st.integers(-1, 3 * 24 + 1).map(lambda after: begin + timedelta(hours=after))
    moments = draw(st.sampled_from((minutes, hours, st.sampled_from(midnights), st.sampled_from(midnights))))
    first, last = sorted(draw(st.sets(moments, min_size=2, max_size=2)))
    path, step, split = (draw(st.sampled_from(choices)) for choices in (("", *PATHS), ("", "hour", "day"), SPLITS))
    return Question(path, first, last, step, split)


def tell(story: Story, folder: Path) -> SqliteDatabase:
    database = SqliteDatabase(folder)
    store, summaries = Store(database, story.zone), Summaries(database, LocalHours(story.zone))
    summaries.prepare()
    store.apply([received(state(levels=("pingyuan", "a", "x")), "said"), received(state(levels=()), "silent")])
    with database.transaction() as connection:
        change_registry(connection, Plan(added=tuple(Level(path) for path in PATHS)))
        for station, since, path in story.moves:
            change_registry(connection, Plan(moved=(Placement(station, since, path),)))
    batches = zip(story.told, story.works, strict=True)
    for number, (batch, work) in enumerate(batches, 1):
        store.apply([received(segment(number, one.tally, epoch=one.epoch), one.station) for one in batch])
        for _ in range(work):
            summaries.settle() if work == 9 else summaries.sum_some()
    return database


def truth(story: Story, question: Question) -> dict[tuple[str, ...], list[int]]:
    """The slow way: the highest version of each key, one by one."""
    newest: dict[Any, Told] = {}
    for one in (one for batch in story.told for one in batch):
        key = (one.station, one.epoch, *words(one.tally).values())
        if key not in newest or newest[key].tally.version < one.tally.version:
            newest[key] = one
    sums: dict[tuple[str, ...], list[int]] = {}
    for one in newest.values():
        for key in keys(story, question, one):
            counts = sums.setdefault(key, [0] * 6)
            more = [one.tally.passages, one.tally.vehicles, one.tally.persons]
            more += [one.tally.passages * (one.tally.outcome == said) for said in ("granted", "held", "denied")]
            counts[:] = [count + plus for count, plus in zip(counts, more, strict=True)]
    return {key: counts for key, counts in sums.items() if any(counts)}


def keys(story: Story, question: Question, one: Told) -> Iterator[tuple[str, ...]]:
    """The key under which a tally counts, if it does."""
    if one.tally.minute.startswith("boot:"):
        return
    at = datetime.fromisoformat(one.tally.minute)
    local = at.astimezone(story.zone)
    day = local.date().isoformat()
    moves = {since: path for station, since, path in story.moves if station == one.station and since <= day}
    place = moves[max(moves)] if moves else STATIONS[one.station]
    beneath = not question.path or f"{place}/".startswith(f"{question.path}/")
    if not beneath or not question.begin <= at < question.end:
        return
    steps = {"": (), "day": (day,), "hour": (f"{local:%Y-%m-%dT%H%z}",)}[question.step]
    splits = {"": (), "station": (one.station,), "place": (place,), "lane": (one.station, one.tally.lane)}
    yield (*steps, *splits.get(question.split, (getattr(one.tally, question.split, ""),)))


def named(question: Question, zone: ZoneInfo, key: tuple[str, ...]) -> tuple[str, ...]:
    """An hour is told by its first minute, and known by its number and offset."""
    if question.step != "hour":
        return key
    return (f"{datetime.fromisoformat(key[0]).astimezone(zone):%Y-%m-%dT%H%z}", *key[1:])


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_every_answer_is_the_sum_over_all_tallies(data: st.DataObject) -> None:
    story = data.draw(stories())
    asked = data.draw(st.lists(questions(story.zone, story.begin), min_size=4, max_size=8))
    with TemporaryDirectory() as folder:
        database = tell(story, Path(folder))
        for question in asked:
            with database.reading() as connection:
                found = rolled_up(connection, question, LocalHours(story.zone))
            assert {named(question, story.zone, key): sums for key, sums in found.items()} == truth(story, question)
        database.close()
