"""What the hub is told, against what the ledger holds."""

import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lanes import ZONE, LaneRig, cut
from made import a_moment, a_pass

from station.domain import entries
from station.domain.decision import Outcome
from station.domain.passage import Entry, EntryType, Tally, TallyKey
from station.domain.passes import TrafficKind
from station.ledger import Ledger, Segments, Stretch


def hubs_view(segments: Segments, numbers: list[int]) -> Counter[TallyKey]:
    """What a hub that keeps the highest version of each key ends with."""
    best: dict[TallyKey, Tally] = {}
    for number in numbers:
        stretch = segments.stretch(number)
        assert stretch is not None
        for tally in segments.tallies(stretch):
            if tally.key not in best or best[tally.key].version < tally.version:
                best[tally.key] = tally
    return +Counter({key: tally.passages for key, tally in best.items()})


def test_a_segment_says_the_totals_of_what_its_rows_touch(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.scan(a_pass(party=2))
    rig.scan(a_pass(party=3))
    segments = Segments(rig.ledger)
    stretch = cut(segments)
    assert stretch == Stretch(1, 1, 2)
    (tally,) = segments.tallies(stretch)
    assert (tally.passages, tally.vehicles, tally.persons, tally.version) == (2, 2, 5, 2)
    assert cut(segments) is None


def test_an_amendment_empties_its_old_key(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    row = rig.scan(a_pass(musts={}))
    segments = Segments(rig.ledger)
    cut(segments)
    rig.ledger.append(entries.decided_by_operator(row, Outcome.GRANTED, "", a_moment(5)))
    stretch = cut(segments)
    assert stretch is not None
    assert {t.key.outcome: t.passages for t in segments.tallies(stretch)} == {Outcome.HELD: 0, Outcome.GRANTED: 1}


def test_a_segment_is_halved_until_its_message_fits(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    for minute in range(10):
        rig.clock.seconds = minute * 60
        rig.scan(a_pass())
    segments = Segments(rig.ledger)
    sizes = []
    while stretch := segments.cut(lambda new: new, lambda new: len(segments.tallies(new)) <= 3):
        sizes.append(len(segments.tallies(stretch)))
    assert max(sizes) <= 3
    assert sum(sizes) == 10


def test_what_was_acknowledged_survives_a_restart_and_can_be_asked_for_again(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    segments = Segments(rig.ledger)
    for _ in range(3):
        rig.scan(a_pass())
        cut(segments)
    assert segments.acknowledge(2)
    rig.ledger.close()
    again = Segments(Ledger(tmp_path, ZONE))
    assert (again.acked, again.unacknowledged_rows(), again.epoch) == (2, 1, segments.epoch)
    assert not again.acknowledge(9)
    again.reopen(1)
    assert again.unacknowledged_rows() == 3


def test_an_older_acknowledgement_never_takes_a_newer_one_back(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    segments = Segments(rig.ledger)
    for _ in range(2):
        rig.scan(a_pass())
        cut(segments)
    segments.acknowledge(2)
    segments.acknowledge(1)
    assert segments.acked == 2


def test_rows_written_since_the_start_count_apart_once_another_copy_shows(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.scan(a_pass())
    rig.ledger.close()
    again = LaneRig(tmp_path)
    again.scan(a_pass())
    segments = Segments(again.ledger)
    first = segments.epoch
    segments.begin_epoch(stated=0)
    assert segments.epoch != first
    assert [segments.place(stretch) for stretch in (cut(segments), cut(segments))] == [(first, 1), (segments.epoch, 1)]
    assert [segments.numbered(first, 1), segments.numbered(segments.epoch, 1)] == [1, 2]
    assert [segments.numbered(first, 2), segments.numbered(segments.epoch, 2), segments.numbered(9, 1)] == [None] * 3


def test_what_is_in_a_segment_already_stays_in_its_epoch_when_another_copy_shows(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    segments = Segments(rig.ledger)
    rig.scan(a_pass())
    cut(segments)
    first = segments.epoch
    segments.begin_epoch(stated=0)
    rig.scan(a_pass())
    assert [segments.epoch_of(1), segments.epoch_of(2)] == [first, segments.epoch]


def test_rows_that_a_stated_total_counts_stay_in_its_epoch_when_another_copy_shows(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    segments = Segments(rig.ledger)
    first = segments.epoch
    for _ in range(3):
        rig.scan(a_pass())
    segments.begin_epoch(stated=2)
    assert [segments.epoch_of(row) for row in (1, 2, 3)] == [first, first, segments.epoch]


def test_connections_are_counted_over_restarts(tmp_path: Path) -> None:
    first = Segments(Ledger(tmp_path, ZONE))
    assert [first.next_connection(), first.next_connection()] == [1, 2]
    assert Segments(Ledger(tmp_path, ZONE)).next_connection() == 3


actions = st.lists(
    st.tuples(
        st.sampled_from(["pass", "amend", "cut"]), st.integers(0, 5), st.sampled_from(list(Outcome)), st.integers(0, 2)
    ),
    max_size=40,
)


@given(actions, st.randoms())
def test_in_whatever_order_and_however_often_segments_arrive_the_hub_ends_with_the_ledgers_totals(
    tmp_path_factory, todo, shuffle
) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("ledger"), ZONE)
    segments = Segments(ledger)
    truth: dict[int, TallyKey] = {}
    for action, which, outcome, minute in todo:
        key = TallyKey("1", f"2026-03-02T04:0{minute}Z", TrafficKind.CAR, "unknown", outcome)
        if action == "cut":
            cut(segments)
        elif action == "pass" or not truth:
            row = ledger.append(an_entry(key))
            truth[row.passage] = key
        else:
            passage = list(truth)[which % len(truth)]
            ledger.append(an_entry(key, amends=passage))
            truth[passage] = key
    while cut(segments):
        pass
    last = segments.last()
    numbers = list(range(1, last.segment + 1)) if last else []
    arriving = numbers + numbers[: len(numbers) // 2]
    shuffle.shuffle(arriving)
    assert hubs_view(segments, arriving) == Counter(truth.values())
    segments.close()
    ledger.close()


def an_entry(key: TallyKey, amends: int | None = None) -> Entry:
    kind = EntryType.PASSAGE if amends is None else EntryType.AMENDMENT
    return Entry(kind, a_moment(), key, vehicles=1, persons=1, reasons=(), amends=amends)


def test_a_ledger_of_the_version_before_keeps_its_epoch_and_its_numbers(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.scan(a_pass())
    segments = Segments(rig.ledger)
    epoch, first = segments.epoch, cut(segments)
    segments.close()
    rig.ledger.close()
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as connection:
        connection.executescript("DROP TABLE epochs; DROP INDEX idx_segments_through")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'm007_epochs'")
    again = LaneRig(tmp_path, ledger=Ledger(tmp_path, ZONE, machine="aa"))
    segments = Segments(again.ledger)
    again.scan(a_pass())
    second = cut(segments)
    assert not again.ledger.moved
    assert [segments.place(stretch) for stretch in (first, second) if stretch] == [(epoch, 1), (epoch, 2)]


@pytest.mark.parametrize(
    ("machines", "epochs"),
    [(("aa", "aa"), 1), (("aa", "bb"), 2), (("", "aa"), 1), (("aa", ""), 1), (("aa", "bb", "aa", "aa"), 3)],
)
def test_a_ledger_begins_an_epoch_on_another_machine_and_not_where_nothing_is_known(
    tmp_path: Path, machines: tuple[str, ...], epochs: int
) -> None:
    for machine in machines:
        ledger = Ledger(tmp_path, ZONE, machine=machine)
        segments = Segments(ledger)
        found = segments.epochs()
        segments.close()
        ledger.close()
    assert len(found) == len({epoch.epoch for epoch in found}) == epochs


def test_a_copy_on_the_same_machine_is_another_file(tmp_path: Path) -> None:
    Ledger(tmp_path / "one", ZONE, machine="aa").close()
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    other = Ledger(tmp_path / "other", ZONE, machine="aa")
    assert other.moved
    other.close()
