"""Two machines under one name, a station that moved, and what a birth is answered."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from hub_messages import NOW, STATION, received, segment, state, tally

from station.hub.database import Database
from station.hub.machines import MAX_MACHINES
from station.hub.queries import Queries
from station.hub.received import Unreadable, read
from station.hub.roster import StationRow
from station.hub.store import Store
from station.messages import (
    Ack,
    AmendedMusts,
    AmendedTally,
    EarlierEpoch,
    Segment,
    SegmentMusts,
    State,
    Sync,
    encode,
)

HERE, THERE = {"machine": "aa", "boot": "b1"}, {"machine": "bb", "boot": "b2"}


def only(queries: Queries) -> StationRow:
    (station,) = queries.stations()
    return station


def born(store: Store, conn: int, epoch: int = 1, **given: Any) -> Ack | None:
    """:return: what the birth is answered."""
    replies = store.apply([received(state(conn=conn, epoch=epoch, **given))])
    return next((one.message for one in replies if isinstance(one.message, Ack) and one.message.epoch == epoch), None)


def test_two_machines_that_come_in_turn_are_told_apart_and_told(store: Store, queries: Queries, caplog) -> None:
    caplog.set_level(logging.INFO, "station.hub.machines")
    assert born(store, 1, 1, **HERE) == Ack(1, 0, (), (), False, False)
    assert born(store, 2, 2, **THERE) == Ack(2, 0, (), (), False, False)
    assert not only(queries).shared
    assert born(store, 3, 1, **HERE) == Ack(1, 0, (), (), True, False)
    assert only(queries).shared
    assert born(store, 4, 2, **THERE) == Ack(2, 0, (), (), True, False)
    assert [record.message for record in caplog.records if record.levelno == logging.WARNING] == [
        f"station {STATION}: two machines use this name at a time"
    ]


def test_two_machines_in_one_epoch_are_told_to_part(store: Store) -> None:
    born(store, 1, **HERE)
    born(store, 2, **THERE)
    assert born(store, 2, **HERE) == Ack(1, 0, (), (), True, True)


def test_machines_of_which_nothing_is_known_are_told_apart_by_their_boots(store: Store, queries: Queries) -> None:
    """Also stations from before there was a machine in the state: they have no answer, and the hub tells."""
    for conn, boot in enumerate(("b1", "b2", "b1"), 1):
        assert store.apply([received(state(conn=conn, boot=boot))]) == []
    assert only(queries).shared


def test_a_card_that_moves_to_a_spare_is_told_once_and_is_no_alarm(store: Store, queries: Queries) -> None:
    born(store, 1, **HERE)
    assert only(queries).moved_at is None
    for conn, boot in enumerate(("b2", "b3", "b4"), 2):
        born(store, conn, 2, machine="bb", boot=boot)
    assert (only(queries).shared, only(queries).moved_at) == (False, "2026-03-01T12:00:00+08:00")


def test_a_card_that_moves_back_after_another_boot_is_no_alarm(store: Store, queries: Queries) -> None:
    born(store, 1, **HERE)
    born(store, 2, 2, **THERE)
    born(store, 3, 3, machine="aa", boot="b3")
    assert not only(queries).shared


def test_boots_of_an_unknown_machine_are_no_moves(store: Store, queries: Queries) -> None:
    born(store, 1, 1, machine="boot-b1", boot="b1")
    born(store, 2, 2, machine="boot-b2", boot="b2")
    assert (only(queries).shared, only(queries).moved_at) == (False, None)


@pytest.mark.parametrize("envelope", [{"retained": True}, {"repeated": True}])
def test_what_is_retained_or_delivered_again_shows_no_order(store: Store, queries: Queries, envelope) -> None:
    born(store, 1, **HERE)
    born(store, 2, 2, **THERE)
    store.apply([received(state(conn=1, **HERE), **envelope)])
    assert not only(queries).shared


def test_births_that_another_hub_has_stored_already_show_no_order(store: Store, queries: Queries) -> None:
    births = [received(state(conn=1, **HERE)), received(state(conn=2, machine="aa", boot="b2"))]
    for birth in (*births, *births):  # two hubs hear each birth, one of them late
        store.apply([birth])
    assert not only(queries).shared


def test_what_was_shared_is_not_told_for_ever(store: Store, queries: Queries) -> None:
    for conn, machine in enumerate((HERE, THERE, HERE), 1):
        store.apply([received(state(conn=conn, **machine), at=NOW - timedelta(hours=3))])
    assert not only(queries).shared


def test_only_so_many_machines_of_a_station_are_remembered(store: Store, database: Database) -> None:
    for conn in range(1, 3 * MAX_MACHINES):
        born(store, conn, conn, machine=f"m{conn}", boot=f"b{conn}")
    with database.reading() as connection:
        rows = [
            row["machine"] for row in connection.execute("select machine from station_machines order by first_turn")
        ]
    assert rows == [f"m{conn}" for conn in range(2 * MAX_MACHINES, 3 * MAX_MACHINES)]


def test_a_birth_names_earlier_epochs_and_a_hub_from_a_backup_asks_for_what_it_lacks(store: Store) -> None:
    store.apply([received(segment(1, tally())), received(state(machine="aa"))])
    lost = (EarlierEpoch(1, 30, 3, 0), EarlierEpoch(5, 40, 2, 35), EarlierEpoch(6, 40, 0, 0))
    replies = store.apply([received(state(epoch=7, conn=9, machine="aa", earlier=lost))])
    syncs = [reply.message for reply in replies if isinstance(reply.message, Sync)]
    assert sorted(syncs, key=lambda sync: sync.epoch) == [Sync(1, 2, None), Sync(5, 1, 0)]


def test_an_earlier_epoch_that_went_on_elsewhere_means_an_old_card_or_a_copy(store: Store, queries: Queries) -> None:
    store.apply([received(segment(1, tally(), through=10)), received(state(machine="aa"))])
    store.apply([received(state(epoch=7, conn=2, machine="aa", earlier=(EarlierEpoch(1, 10, 1),)))])
    assert not only(queries).regressed
    store.apply([received(state(epoch=8, conn=3, machine="aa", earlier=(EarlierEpoch(1, 9, 1),)))])
    assert only(queries).regressed


def test_what_amendments_change_in_earlier_epochs_is_added_and_may_go_below_nothing(
    store: Store, queries: Queries
) -> None:
    store.apply([received(state()), received(segment(1, tally(10, 3, outcome="held")))])
    held, granted = tally(12, 0, outcome="held"), tally(12, 0)
    key = (granted.lane, granted.minute, granted.kind, granted.origin)
    amended = (AmendedTally(*key, "held", -1, -1, -2), AmendedTally(*key, "granted", 1, 1, 2))
    store.apply([received(Segment(2, 1, 11, 12, (held, granted), "1-aa", amended=amended))])
    lane, _ = queries.lanes_today()[STATION]
    assert (lane["held"], lane["granted"], lane["passages"], lane["persons"]) == (2, 1, 3, 6)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"amended": (AmendedTally("2", "2026-03-01T03:59Z", "car", "unknown", "held", 1, 1, 1),)}, "nothing else"),
        ({"amended": (AmendedTally("1", "2026-03-01T03:59Z", "car", "unknown", "granted", 2**31 - 1, 1, 1),)}, "more"),
        ({"amended_musts": (AmendedMusts("1", "2026-03-01T04:00Z", 1, 0, 0, 0, 0, 0),)}, "nothing else"),
        ({"amended_musts": (AmendedMusts("1", "2026-03-01T03:00Z", 2**31 - 1, 0, 0, 0, 0, 0),)}, "more"),
    ],
)
def test_an_amendment_of_nothing_or_beyond_a_column_is_refused(given: dict, why: str) -> None:
    hour = SegmentMusts("1", "2026-03-01T03:00Z", 1, 1, 1, 1, 1, 1, 1)
    said = Segment(1, 1, 1, 1, (tally(),), "1-aa", (hour,), **given)
    message = read(STATION, "segment", encode(said), NOW).message
    assert isinstance(message, Unreadable)
    assert why in message.error


def test_a_state_and_an_acknowledgement_of_the_version_before_read_as_they_were() -> None:
    old = b'{"v":1,"state":"online","epoch":7,"conn":3,"boot":"b","at":"2026-03-01T12:00:00+08:00","clock":"trusted",'
    old += b'"name":"n","levels":["pingyuan"],"lanes":["1"],"software":"0"}'
    message = read(STATION, "state", old, NOW).message
    assert isinstance(message, State)
    assert (message.machine, message.earlier) == ("", ())
