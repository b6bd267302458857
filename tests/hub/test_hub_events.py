"""Incidents and receipts at the hub: each stored once, acknowledged by name, whatever order they come in."""

import json
import random
from itertools import permutations

import pytest
from hub_messages import NOW, received, segment, state

from station.hub.database import Database
from station.hub.received import Received, Unreadable, read
from station.hub.store import Store
from station.messages import Ack, EventNotice, Sync, encode

INCIDENT = "a1b2c3d4"


def notice(row: int, event: str, *, epoch: int = 1, lane: str = "1", **said: str) -> EventNotice:
    at = f"2026-03-01T04:{row:02d}:00Z"
    return EventNotice(epoch, f"id-{epoch}-{row}", row, at, "trusted", lane, event, said)


def incident(row: int, step: str, **said: str) -> EventNotice:
    return notice(row, f"incident_{step}", incident=INCIDENT, **said)


def receipt(row: int, step: str, order: str = "order-1", **said: str) -> EventNotice:
    return notice(row, f"order_{step}", lane="", order=order, **said)


def told(message: EventNotice) -> Received:
    return read("north", "incident", encode(message), NOW)


OPENED = incident(1, "opened", kind="fever", severity="serious", text="38.4")
UPDATED = incident(2, "updated", severity="emergency", text="collapsed")
CLOSED = incident(3, "closed", text="taken to hospital")


def rows(database: Database, table: str) -> list[dict[str, object]]:
    with database.reading() as connection:
        return [dict(row) for row in connection.execute(f"select * from {table}")]


def test_an_event_is_acknowledged_by_its_id_also_when_it_comes_again(store: Store) -> None:
    for _ in range(2):
        (reply,) = store.apply([told(OPENED), told(UPDATED)])
        assert (reply.station, reply.message) == ("north", Ack(1, 0, ("id-1-1", "id-1-2"), segments=()))


@pytest.mark.parametrize(
    "order", list(permutations((OPENED, UPDATED, CLOSED))), ids=lambda o: "".join(str(n.row) for n in o)
)
def test_an_incident_comes_out_the_same_in_whatever_order_it_is_told(
    store: Store, database: Database, order: tuple[EventNotice, ...]
) -> None:
    for one in (*order, *order):
        store.apply([told(one)])
    (found,) = rows(database, "incidents")
    assert {name: found[name] for name in ("lane", "kind", "severity", "words")} == {
        "lane": "1",
        "kind": "fever",
        "severity": "emergency",
        "words": "taken to hospital",
    }
    assert (found["opened_at"], found["closed_at"]) == ("2026-03-01T04:01:00.000Z", "2026-03-01T04:03:00.000Z")
    assert len(rows(database, "station_events")) == 3


def test_receipts_of_an_order_gather_in_one_row_a_station(store: Store, database: Database) -> None:
    steps = [receipt(row, step) for row, step in enumerate(("received", "shown", "acknowledged"), 1)]
    random.Random(1).shuffle(steps)
    for one in (*steps, *steps):
        store.apply([told(one)])
    (found,) = rows(database, "receipts")
    assert (found["order_id"], found["received_at"][14:16], found["acknowledged_at"][14:16]) == ("order-1", "01", "03")
    assert found["refused_at"] == ""


def test_a_refusal_is_stored_with_its_reason(store: Store, database: Database) -> None:
    store.apply([told(receipt(1, "refused", reason="forged"))])
    (found,) = rows(database, "receipts")
    assert (found["reason"], found["received_at"]) == ("forged", "")


def test_what_only_newer_stations_tell_is_kept_and_acknowledged(store: Store, database: Database) -> None:
    (reply,) = store.apply([told(notice(1, "of_tomorrow", what="?"))])
    assert reply.message == Ack(1, 0, ("id-1-1",), segments=())
    assert rows(database, "incidents") == rows(database, "receipts") == []


def test_the_answer_to_segments_and_events_of_one_batch_is_one(store: Store) -> None:
    (reply,) = store.apply([received(segment(1), "north"), told(OPENED)])
    assert reply.message == Ack(1, 1, ("id-1-1",), segments=())


def test_a_hub_from_a_backup_asks_for_the_events_behind_the_last_it_has(store: Store) -> None:
    store.apply([told(OPENED)])
    assert store.apply([received(state(events=1), "north")]) == []
    replies = store.apply([received(state(events=7, conn=2), "north")])
    assert Sync(1, 1, 1) in [reply.message for reply in replies]


def test_a_station_that_was_told_of_no_event_is_asked_for_none(store: Store) -> None:
    assert store.apply([received(state(), "north")]) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""},
        {"id": "x" * 81},
        {"row": -1},
        {"at": "now"},
        {"event": "e" * 81},
        {"said": {"text": "x" * 501}},
        {"said": {str(n): "" for n in range(17)}},
        {"said": {"n": 7}},
        {"said": []},
    ],
    ids=str,
)
def test_an_event_out_of_bounds_is_unreadable(wrong: dict[str, object]) -> None:
    assert read("north", "incident", encode(OPENED), NOW).message == OPENED
    bad = json.dumps({**json.loads(encode(OPENED)), **wrong}).encode()
    assert isinstance(read("north", "incident", bad, NOW).message, Unreadable)
