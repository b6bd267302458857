"""Orders, incidents and inspections at the hub are forgotten by policy, and never before they are done with."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hub_messages import NOW, received, state
from made import KEY
from test_hub_events import CLOSED, INCIDENT, OPENED, incident, notice, receipt, rows
from test_hub_inspections import a_visit, step

from station.domain.district_incidents import NoteStep
from station.domain.district_orders import Draft
from station.domain.orders import Urgency
from station.hub.database import Database
from station.hub.incidents import Incidents
from station.hub.old_records import CHECK_SECONDS, KeepDays, OldRecords
from station.hub.orders import Orders
from station.hub.store import Store
from station.messages import EventNotice, Sync

DAYS = KeepDays(orders=30, incidents=30, inspections=30)
DAY = timedelta(days=1)


def tell(store: Store, *notices: EventNotice, at: datetime = NOW, station: str = "north") -> None:
    for one in notices:
        store.apply([received(one, station, at=at)])


def look(database: Database, after: timedelta, days: KeepDays = DAYS) -> None:
    OldRecords(database, days, lambda: NOW + after).forget()


def left(database: Database, *tables: str) -> list[int]:
    return [len(rows(database, table)) for table in tables]


def test_an_order_goes_with_its_receipts_so_long_after_it_expired(store: Store, database: Database) -> None:
    orders = Orders(database, "pingyuan", lambda: NOW)
    store.apply([received(state(levels=("pingyuan",)), "north")])
    order = orders.write(Draft("pingyuan", Urgency.URGENT, "停", "", 7 * DAY), KEY, "li")
    tell(store, *(receipt(row, step, order.id) for row, step in enumerate(("received", "shown", "acknowledged"), 1)))
    look(database, 36 * DAY)
    assert left(database, "orders", "receipts", "station_events") == [1, 1, 3]
    look(database, 38 * DAY)
    assert left(database, "orders", "receipts", "station_events") == [0, 0, 1]


def test_what_was_refused_and_never_written_here_is_forgotten_too(store: Store, database: Database) -> None:
    tell(store, receipt(1, "refused", "a-thiefs-order", reason="forged"))
    look(database, 29 * DAY)
    assert left(database, "receipts") == [1]
    look(database, 31 * DAY)
    assert left(database, "receipts") == [0]


def test_a_closed_incident_goes_with_all_that_was_done_about_it(store: Store, database: Database, queries) -> None:
    tell(store, OPENED, CLOSED)
    Incidents(database, queries.zone, lambda: NOW).note("north", INCIDENT, NoteStep.NOTED, "li", "on the way", ())
    look(database, 29 * DAY)
    assert left(database, "incidents", "incident_notes", "station_events") == [1, 1, 2]
    look(database, 31 * DAY)
    assert left(database, "incidents", "incident_notes", "station_events") == [0, 0, 1]


def test_an_open_incident_is_kept_with_its_steps_however_old_it_is(store: Store, database: Database) -> None:
    tell(store, OPENED, incident(2, "updated", text="still here"))
    look(database, 3000 * DAY)
    assert left(database, "incidents", "station_events") == [1, 2]


def test_an_incident_told_of_lately_is_kept_whatever_its_stations_clock_says(store: Store, database: Database) -> None:
    tell(store, *(replace(one, at="2001-01-01T00:00:00Z", clock="untrusted") for one in (OPENED, CLOSED)))
    look(database, DAY)
    assert left(database, "incidents") == [1]
    look(database, 31 * DAY)
    assert left(database, "incidents") == [0]


def test_a_visit_is_kept_until_every_finding_of_it_was_closed_long_ago(store: Store, database: Database) -> None:
    tables = ("inspections", "findings", "notices", "notice_findings")
    tell(store, *a_visit())
    look(database, 3000 * DAY)
    assert left(database, *tables) == [1, 2, 1, 2]
    tell(store, step("finding_closed", at="2026-03-01T05:00:00Z", finding="v1b", text="three on shift"))
    look(database, 29 * DAY)
    assert left(database, *tables) == [1, 2, 1, 2]
    look(database, 32 * DAY)
    assert left(database, *tables, "station_events") == [0, 0, 0, 0, 1]


def test_a_finding_that_another_visits_notice_asks_for_is_kept_as_long_as_that_visit(
    store: Store, database: Database
) -> None:
    first, second = a_visit("v1"), a_visit("v2")
    closed = [step("finding_closed", finding=finding, text="done") for finding in ("v1b", "v2a")]
    asking = step("notice_served", inspection="v2", notice="v2m", findings='["v1a"]', due="2026-02-20")
    tell(store, *first, *second, *closed, asking)
    look(database, 31 * DAY)  # the second visit has a finding that is open
    assert [row["id"] for row in rows(database, "inspections")] == ["v1", "v2"]
    tell(store, step("finding_closed", finding="v2b", text="done"))
    look(database, 31 * DAY)
    look(database, 31 * DAY)
    assert left(database, "inspections", "findings", "notices") == [0, 0, 0]


def test_the_last_event_of_a_ledger_stays_so_that_nothing_is_asked_for_again(store: Store, database: Database) -> None:
    tell(store, OPENED, CLOSED)
    look(database, 31 * DAY)
    replies = store.apply([received(state(conn=2, events=3), "north")])
    assert not [reply for reply in replies if isinstance(reply.message, Sync)]


def test_what_only_newer_stations_tell_of_is_kept_as_long_as_an_incident(store: Store, database: Database) -> None:
    tell(store, notice(1, "weather_seen", rain="much"), notice(2, "weather_seen", rain="more"))
    look(database, 29 * DAY)
    assert left(database, "station_events") == [2]
    look(database, 31 * DAY)
    assert left(database, "station_events") == [1]


def test_without_a_policy_nothing_is_forgotten(store: Store, database: Database) -> None:
    tell(store, OPENED, CLOSED, receipt(4, "refused", "strange", reason="forged"))
    look(database, 3000 * DAY, KeepDays(0, 0, 0))
    assert left(database, "incidents", "receipts", "station_events") == [1, 1, 3]


def test_old_records_are_looked_for_at_the_start_and_then_once_an_hour_also_after_the_store_was_away(
    store: Store, database: Database, storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(store, OPENED, CLOSED)
    clock = [0.0]
    records = OldRecords(database, DAYS, lambda: NOW + 31 * DAY, lambda: clock[0])
    monkeypatch.setattr(records._pause, "wait", lambda _: None)
    storage.refuse()
    records.step()
    storage.relent()
    records.step()
    assert left(database, "incidents") == [1]
    clock[0] = CHECK_SECONDS
    records.step()
    assert left(database, "incidents") == [0]
