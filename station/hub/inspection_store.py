"""Inspections as stations tell them: visits, findings and notices, whatever order their steps come in."""

import json
from collections.abc import Iterator
from datetime import date

from station.hub.database import Connection
from station.hub.stated import first
from station.messages import EventNotice

MOST_IN_NOTICE, LONGEST_ID = 30, 40
_VISIT = f"""
insert into inspections (station_id, id, lane, began_at, ended_at)
values (:station, :inspection, :lane, :began_at, :ended_at)
on conflict (station_id, id) do update set {", ".join(map(first, ("lane", "began_at", "ended_at")))}
""".format(table="inspections")
_FINDING_SAYS = ("inspection", "kind", "severity", "words", "made_at", "closing", "closed_at")
_FINDING = f"""
insert into findings (station_id, id, {", ".join(_FINDING_SAYS)})
values (:station, :finding, {", ".join(f":{column}" for column in _FINDING_SAYS)})
on conflict (station_id, id) do update set {", ".join(map(first, _FINDING_SAYS))}
""".format(table="findings")
_NOTICE = """
insert into notices (station_id, id, inspection, words, due, served_at)
values (:station, :notice, :inspection, :words, :due, :served_at) on conflict (station_id, id) do nothing
"""
_ASKS = """
insert into notice_findings (station_id, notice, finding) values (:station, :notice, :finding)
on conflict (station_id, notice, finding) do nothing
"""


def fold_visit(connection: Connection, station: int, notice: EventNotice, step: str, at: str) -> None:
    connection.execute(
        _VISIT,
        {
            "station": station,
            "inspection": notice.said["inspection"],
            "lane": notice.lane,
            "began_at": at if step == "began" else "",
            "ended_at": at if step == "ended" else "",
        },
    )


def fold_finding(connection: Connection, station: int, notice: EventNotice, step: str, at: str) -> None:
    said, made, closed = notice.said, step == "made", step == "closed"
    connection.execute(
        _FINDING,
        {
            "station": station,
            "finding": said["finding"],
            "inspection": said.get("inspection", ""),
            "kind": said.get("kind", ""),
            "severity": said.get("severity", ""),
            "words": said.get("text", "") if made else "",
            "made_at": at if made else "",
            "closing": said.get("text", "") if closed else "",
            "closed_at": at if closed else "",
        },
    )


def fold_notice(connection: Connection, station: int, notice: EventNotice, at: str) -> None:
    said = notice.said
    values = {
        "station": station,
        "notice": said["notice"],
        "inspection": said.get("inspection", ""),
        "words": said.get("text", ""),
        "due": _day(said.get("due", "")),
        "served_at": at,
    }
    if connection.execute(_NOTICE, values).rowcount:
        for finding in _ids(said.get("findings", "")):
            connection.execute(_ASKS, {"station": station, "notice": said["notice"], "finding": finding})


def _day(told: str) -> str:
    """YYYY-MM-DD; empty for what is none."""
    try:
        return date.fromisoformat(told).isoformat()
    except ValueError:
        return ""


def _ids(told: str) -> Iterator[str]:
    """A JSON list of ids; what is no id is left out, so that it costs no more than itself."""
    try:
        listed = json.loads(told)
    except (ValueError, RecursionError):  # no list, or one of lists of lists
        return
    for one in listed[:MOST_IN_NOTICE] if isinstance(listed, list) else ():
        if isinstance(one, str) and one.isalnum() and len(one) <= LONGEST_ID:
            yield one
