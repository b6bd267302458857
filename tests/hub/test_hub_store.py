"""What the store makes of messages, whatever order and state they come in."""

import sqlite3
from contextlib import closing
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest
from hub_messages import NOW, SHANGHAI, STATION, live, received, segment, state, tally
from storage import Storage

from station.hub import store as store_module
from station.hub.database import Database, StoreUnwritable
from station.hub.live_tree import LiveTree
from station.hub.queries import Queries
from station.hub.received import Unreadable
from station.hub.roster import StationRow
from station.hub.sqlite import SqliteDatabase
from station.hub.store import Store
from station.messages import Ack, Sync


def only(queries: Queries) -> StationRow:
    (row,) = queries.stations()
    return row


def test_a_segment_is_acknowledged_once_it_is_stored(store: Store, queries: Queries) -> None:
    replies = store.apply([received(segment(1, tally(passages=3)))])
    assert [reply.message for reply in replies] == [Ack(1, 1, segments=())]
    assert queries.total_passages() == 3


def test_a_batch_gets_one_acknowledgement_per_station_and_epoch(store: Store) -> None:
    batch = [received(segment(n, tally(n)), station) for station in ("a", "b") for n in (1, 2, 3)]
    replies = store.apply(batch)
    assert [(reply.station, reply.message) for reply in replies] == [
        ("a", Ack(1, 3, segments=())),
        ("b", Ack(1, 3, segments=())),
    ]


def test_a_higher_version_replaces_a_total_and_a_lower_one_does_not(store: Store, queries: Queries) -> None:
    store.apply([received(segment(1, tally(version=5, passages=7)))])
    store.apply([received(segment(2, tally(version=4, passages=3)))])
    assert queries.total_passages() == 7
    store.apply([received(segment(3, tally(version=6, passages=0)))])
    assert queries.total_passages() == 0


def test_a_repeated_segment_changes_nothing_and_is_acknowledged_again(store: Store, queries: Queries) -> None:
    for _ in range(3):
        replies = store.apply([received(segment(1, tally(passages=2)))])
        assert [reply.message for reply in replies] == [Ack(1, 1, segments=())]
    assert queries.total_passages() == 2


def test_a_segment_of_crossings_alone_says_no_totals_and_is_acknowledged(store: Store, queries: Queries) -> None:
    replies = store.apply([received(segment(1))])
    assert [reply.message for reply in replies] == [Ack(1, 1, segments=())]
    assert queries.total_passages() == 0


def test_an_early_segment_counts_at_once_and_is_acknowledged_when_the_gap_is_filled(
    store: Store, queries: Queries
) -> None:
    store.apply([received(segment(1, tally(1)))])
    early = store.apply([received(segment(3, tally(3, minute="2026-03-01T03:57Z")))])
    assert [reply.message for reply in early] == [Ack(1, 1, segments=()), Sync(1, 2)]
    assert queries.total_passages() == 2
    filled = store.apply([received(segment(2, tally(2, minute="2026-03-01T03:58Z")))])
    assert [reply.message for reply in filled] == [Ack(1, 3, segments=())]


def test_an_epoch_starts_at_its_first_segment(store: Store) -> None:
    replies = store.apply([received(segment(501, tally()))])
    assert [reply.message for reply in replies] == [Sync(1, 1)]


def test_a_station_is_asked_to_offer_again_at_most_every_five_seconds(database: Database) -> None:
    clock = [0.0]
    store = Store(database, SHANGHAI, monotonic=lambda: clock[0])
    asked = []
    for at in (0.0, 1.0, 4.9, 5.0):
        clock[0] = at
        asked.append(bool(store.apply([received(segment(9, tally()))])))
    assert asked == [True, False, False, True]


def test_totals_are_sums_over_epochs_of_64_bits(store: Store, queries: Queries) -> None:
    for epoch in (2**64 - 1, 17):
        replies = store.apply([received(segment(1, tally(), epoch=epoch))])
        assert [reply.message for reply in replies] == [Ack(epoch, 1, segments=())]
    assert queries.total_passages() == 2


def test_a_will_of_an_earlier_connection_is_not_heeded(store: Store, queries: Queries) -> None:
    store.apply([received(state(conn=2)), received(state("lost", conn=1))])
    assert only(queries).state == "online"
    store.apply([received(state("lost", conn=2))])
    assert only(queries).state == "lost"


def test_a_will_of_another_epoch_is_not_heeded(store: Store, queries: Queries) -> None:
    store.apply([received(state(epoch=1, conn=9)), received(state(epoch=2)), received(state("lost", epoch=1, conn=9))])
    assert only(queries).state == "online"


def test_the_end_of_a_connection_nobody_heard_of_is_news(store: Store, queries: Queries) -> None:
    store.apply([received(state(conn=2)), received(state("lost", conn=3), retained=True)])
    assert only(queries).state == "lost"


def test_a_lower_connection_inside_an_epoch_means_a_restored_card(store: Store, queries: Queries) -> None:
    store.apply([received(state(conn=5))])
    assert not only(queries).regressed
    store.apply([received(state(conn=3))])
    assert only(queries).regressed
    assert only(queries).state == "online"
    store.apply([received(state("lost", conn=3))])
    assert only(queries).state == "lost"


def test_a_birth_delivered_again_is_no_restored_card(store: Store, queries: Queries) -> None:
    store.apply([received(state(conn=5)), received(state("offline", conn=5)), received(state(conn=6))])
    store.apply([received(state(conn=5), repeated=True), received(state("offline", conn=5), repeated=True)])
    assert (only(queries).regressed, only(queries).state) == (False, "online")


@pytest.mark.parametrize("later", [live(19), segment(3, through=30)], ids=["live", "segment"])
def test_a_live_frame_from_before_what_is_known_means_a_restored_card(
    store: Store, queries: Queries, later: object
) -> None:
    store.apply([received(state()), received(live(20)), received(live(20)), received(later)])
    store.apply([received(live(18))])
    assert only(queries).regressed


def test_a_retained_live_frame_may_be_older_than_a_segment(store: Store, queries: Queries) -> None:
    store.apply([received(state()), received(segment(1, tally(), through=30)), received(live(20), retained=True)])
    assert not only(queries).regressed


def test_the_newest_live_frame_of_the_current_epoch_is_shown(store: Store, queries: Queries) -> None:
    store.apply([received(state()), received(live(5, lane_1=5))])
    store.apply([received(live(6, lane_1=6)), received(live(4, lane_1=4)), received(live(9, epoch=2, lane_1=9))])
    assert queries.lanes_today()[STATION][0]["granted"] == 6


def test_the_backlog_is_what_the_station_has_and_the_hub_lacks(store: Store, queries: Queries) -> None:
    store.apply([received(state()), received(segment(1, tally(), through=10)), received(live(25))])
    assert only(queries).backlog == 15
    store.apply([received(segment(2, tally(2), through=25))])
    assert only(queries).backlog == 0


def test_a_station_that_says_online_and_then_nothing_is_stale(store: Store, queries: Queries) -> None:
    store.apply([received(state(), at=NOW - timedelta(minutes=3))])
    assert only(queries).state == "stale"
    store.apply([received(live(1))])
    assert only(queries).state == "online"


def test_what_cannot_be_read_is_counted_with_its_station(store: Store, queries: Queries) -> None:
    store.apply([received(Unreadable("not JSON")), received(Unreadable("not JSON"))])
    assert only(queries).bad_messages == 2


def test_a_batch_that_the_disk_does_not_take_is_not_stored_at_all(
    database: Database, store: Store, queries: Queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "mark_stale", _refused)
    with pytest.raises(StoreUnwritable):
        store.apply([received(segment(1, tally())), received(live(1))])
    assert queries.total_passages() == 0
    assert queries.stations() == []


def test_a_store_that_cannot_be_written_is_a_fault_until_it_can(store: Store, storage: Storage) -> None:
    assert store.fault(NOW) == ""
    storage.refuse()
    with pytest.raises(StoreUnwritable, match=storage.remedy):
        store.apply([received(segment(1, tally()))])
    assert storage.remedy in store.fault(NOW)
    storage.relent()
    assert store.fault(NOW) == ""


def test_what_was_acknowledged_is_there_after_a_restart(
    database: Database, storage: Storage, store: Store, queries: Queries
) -> None:
    store.apply([received(segment(1, tally(passages=4)))])
    database.close()
    again = Store(storage.open(), SHANGHAI)
    assert queries.total_passages() == 4
    assert [reply.message for reply in again.apply([received(segment(2, tally(2)))])] == [Ack(1, 2, segments=())]


def test_what_is_committed_survives_without_a_goodbye(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path)
    Store(database, SHANGHAI).apply([received(segment(1, tally(passages=2)))])
    copied = tmp_path / "copy"
    copied.mkdir()
    for name in ("hub.sqlite3", "hub.sqlite3-wal"):
        (copied / name).write_bytes((tmp_path / name).read_bytes())
    with closing(sqlite3.connect(copied / "hub.sqlite3")) as opened, opened:
        assert opened.execute("select sum(passages) from tallies").fetchone() == (2,)
    database.close()


def _refused(*_: object) -> None:
    raise StoreUnwritable("full")


def test_what_a_station_says_is_wrong_with_it_needs_attention_until_it_says_otherwise(
    store: Store, queries: Queries
) -> None:
    store.apply([received(state(faults=("ledger_set_aside", "of a newer version")))])
    assert only(queries).faults == ("ledger_set_aside", "of a newer version")
    tree = LiveTree("pingyuan", lambda: NOW, dict)
    tree.put({**asdict(only(queries)), "lanes": []})
    assert tree.attention("pingyuan", 9)["stations"][0]["reasons"] == ["faults"]
    store.apply([received(state(conn=2))])
    assert only(queries).faults == ()
