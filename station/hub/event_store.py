"""Incidents, inspections and receipts as stations tell them: kept once each, and folded into what the district's pages
ask for.

A notice may come twice, late or out of order: everything here is stated, nothing is added up.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from station.domain.times import normalize_time, utc_text
from station.hub.database import Connection
from station.hub.inspection_store import fold_finding, fold_notice, fold_visit
from station.hub.standings import Standing
from station.hub.stated import first, newest
from station.messages import EventNotice

Told = tuple[Standing, EventNotice, datetime]
"""Whose ledger, what, and when it came."""

_KEEP = """
insert into station_events (station_id, id, epoch_id, seq, event, at, clock, lane, said, stored_at)
values (:station, :id, :epoch, :seq, :event, :at, :clock, :lane, :said, :stored_at)
on conflict (station_id, id) do update set seq = excluded.seq where station_events.seq = 0
"""
_INCIDENT = f"""
insert into incidents (station_id, id, lane, kind, severity, severity_seq, words, words_seq, opened_at, closed_at)
values (:station, :incident, :lane, :kind, :severity, :severity_seq, :words, :words_seq, :opened_at, :closed_at)
on conflict (station_id, id) do update set {", ".join(map(newest, ("severity", "words")))},
  {", ".join(map(first, ("lane", "kind", "opened_at", "closed_at")))}
""".format(table="incidents")
_RECEIPT_TIMES = ("received_at", "shown_at", "acknowledged_at", "refused_at")
_RECEIPT = f"""
insert into receipts (order_id, station_id, {", ".join(_RECEIPT_TIMES)}, reason)
values (:order, :station, {", ".join(f":{time}" for time in _RECEIPT_TIMES)}, :reason)
on conflict (order_id, station_id) do update set {", ".join(map(first, (*_RECEIPT_TIMES, "reason")))}
""".format(table="receipts")


def store_events(connection: Connection, told: Iterable[Told]) -> None:
    for standing, notice, came in told:
        station = standing.station.id
        values: dict[str, Any] = {
            "station": station,
            "id": notice.id,
            "epoch": standing.id,
            "seq": notice.row,
            "event": notice.event,
            "at": normalize_time(notice.at),
            "clock": notice.clock,
            "lane": notice.lane,
            "said": json.dumps(notice.said, ensure_ascii=False),
            "stored_at": utc_text(came),
        }
        if connection.execute(_KEEP, values).rowcount:
            _fold(connection, station, notice, values["at"])


def events_lost(connection: Connection, epoch: int, told: int) -> int | None:
    """The last event of a ledger that is here, if its station was told of a later one: this store is a backup's.

    :param told: the row of the last event that the station was told is here.
    """
    if not told:
        return None
    found = connection.execute(
        "select coalesce(max(seq), 0) as highest from station_events where epoch_id = :epoch", {"epoch": epoch}
    ).fetchone()
    return int(found["highest"]) if found["highest"] < told else None


def _fold(connection: Connection, station: int, notice: EventNotice, at: str) -> None:
    """What only newer stations tell is kept, and in no page."""
    said: Mapping[str, str] = notice.said
    match notice.event.split("_"):
        case ["incident", step] if said.get("incident"):
            _fold_incident(connection, station, notice, step, at)
        case ["inspection", step] if said.get("inspection"):
            fold_visit(connection, station, notice, step, at)
        case ["finding", step] if said.get("finding"):
            fold_finding(connection, station, notice, step, at)
        case ["notice", "served"] if said.get("notice"):
            fold_notice(connection, station, notice, at)
        case ["order", step] if f"{step}_at" in _RECEIPT_TIMES:
            times = {time: at if time == f"{step}_at" else "" for time in _RECEIPT_TIMES}
            order = {"order": said.get("order", ""), "station": station, "reason": said.get("reason", "")}
            connection.execute(_RECEIPT, order | times)


def _fold_incident(connection: Connection, station: int, notice: EventNotice, step: str, at: str) -> None:
    said = notice.said
    connection.execute(
        _INCIDENT,
        {
            "station": station,
            "incident": said["incident"],
            "lane": notice.lane,
            "kind": said.get("kind", ""),
            "severity": said.get("severity", ""),
            "severity_seq": notice.row if said.get("severity") else 0,
            "words": said.get("text", ""),
            "words_seq": notice.row if said.get("text") else 0,
            "opened_at": at if step == "opened" else "",
            "closed_at": at if step == "closed" else "",
        },
    )
