"""However a station's segments arrive, the totals are those of its ledger."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hub_messages import NOW, SHANGHAI, STATION, received, segment, tally
from hypothesis import given, settings
from hypothesis import strategies as st

from station.hub.queries import Queries
from station.hub.sqlite import SqliteDatabase
from station.hub.store import Store
from station.messages import Ack, Segment, SegmentTally

Key = tuple[str, str]

# A row of a ledger: a passage, as (lane, outcome), or an amendment that moves the last one to another outcome.
ROWS = st.lists(
    st.tuples(st.sampled_from("12"), st.sampled_from(("granted", "held", "denied")), st.booleans()),
    min_size=1,
    max_size=40,
)


def totals_by_row(rows: list[tuple[str, str, bool]]) -> list[dict[Key, int]]:
    """The truth: totals by key after each row."""
    totals: dict[Key, int] = {}
    last: Key | None = None
    history = []
    for lane, outcome, amends in rows:
        if amends and last is not None:
            totals[last] -= 1
            lane = last[0]
        last = (lane, outcome)
        totals[last] = totals.get(last, 0) + 1
        history.append(dict(totals))
    return history


def cut(history: list[dict[Key, int]], ends: list[int], heads: list[int]) -> list[Segment]:
    """Segments over stretches of rows, each computed when the ledger stood at its head, as the outbox does."""
    segments, begin = [], 0
    for number, (end, head) in enumerate(zip(ends, heads, strict=True), 1):
        before = history[begin - 1] if begin else {}
        touched = {key for row in history[begin:end] for key in row if row.get(key) != before.get(key)} | {
            key
            for n in range(begin, end)
            for key in history[n]
            if history[n][key] != (history[n - 1] if n else {}).get(key)
        }
        now = history[head - 1]
        tallies = [
            SegmentTally(lane, "2026-03-01T03:59Z", "car", "unknown", outcome, now[key], now[key], now[key], head)
            for key in sorted(touched)
            for lane, outcome in [key]
        ]
        segments.append(segment(number, *tallies, through=end))
        begin = end
    return segments


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[dict[Key, int], list[list[Segment]], int]:
    """The truth, batches of segments in any order with repeats and later versions, and the number of segments."""
    history = totals_by_row(draw(ROWS))
    size = len(history)
    ends = sorted(draw(st.sets(st.integers(1, size))) | {size})
    sent: list[Segment] = []
    for _ in range(draw(st.integers(1, 3))):  # offered once or again, each time as the ledger stands then
        heads = [draw(st.integers(end, size)) for end in ends]
        sent += cut(history, ends, heads)
    shuffled = draw(st.permutations(sent))
    repeated = shuffled + draw(st.lists(st.sampled_from(sent), max_size=10))
    at = sorted(draw(st.lists(st.integers(0, len(repeated)), max_size=4)))
    batches = [repeated[a:b] for a, b in zip([0, *at], [*at, len(repeated)], strict=True)]
    return history[-1], batches, len(ends)


@given(deliveries())
@settings(max_examples=150, deadline=None)
def test_any_order_repetition_and_splitting_ends_in_the_same_totals(
    drawn: tuple[dict[Key, int], list[list[Segment]], int],
) -> None:
    truth, batches, segments = drawn
    with TemporaryDirectory() as folder:
        database = SqliteDatabase(Path(folder))
        store = Store(database, SHANGHAI)
        replies = [store.apply([received(item) for item in batch]) for batch in batches if batch]
        queries = Queries(database, "pingyuan", SHANGHAI, lambda: NOW)
        rows = queries.lanes_today()[STATION]
        stored = {(row["lane"], outcome): row[outcome] for row in rows for outcome in ("granted", "held", "denied")}
        database.close()
    assert {key: n for key, n in stored.items() if n} == {key: n for key, n in truth.items() if n}
    assert Ack(1, segments, segments=()) in [reply.message for reply in replies[-1]]


@given(st.permutations([(1, 5), (2, 0), (3, 9), (4, 7)]))
@settings(max_examples=24, deadline=None)
def test_the_highest_version_of_a_key_holds_in_whatever_order_they_come(order: list[tuple[int, int]]) -> None:
    with TemporaryDirectory() as folder:
        database = SqliteDatabase(Path(folder))
        store = Store(database, SHANGHAI)
        for number, (version, passages) in enumerate(order, 1):
            store.apply([received(segment(number, tally(version, passages)))])
        queries = Queries(database, "pingyuan", SHANGHAI, lambda: NOW)
        assert queries.total_passages() == 7
        database.close()
