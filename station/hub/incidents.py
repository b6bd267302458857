"""Incidents at the hub: what stations reported, what the district did about it, and when."""

import json
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from station.domain.district_incidents import LONGEST_NOTE, IncidentRow, IncidentStep, NoteStep, UnknownIncident
from station.domain.levels import SEPARATOR
from station.domain.listing import Listing
from station.domain.times import utc_text
from station.hub.database import Connection, Database, Row
from station.hub.listing import asked_of, inside, lies_beneath

MOST_INCIDENTS = 1000
_INCIDENTS = """
select incidents.id as id, stations.id as station_id, station, name, coalesce(places.path, '') as path, lane, kind,
  severity, words, opened_at, dispatched_at, closed_at, closed_by
from incidents join stations on stations.id = incidents.station_id
left join places on places.station_id = stations.id and places.since <= :day and :day < places.until
"""
_BENEATH = lies_beneath("coalesce(places.path, '')")
_NEWEST = f"""{_INCIDENTS} where (opened_at >= :since or closed_at = '') and {_BENEATH}
order by opened_at desc, incidents.id limit :most
"""
_ONE = f"{_INCIDENTS} where station = :station and incidents.id = :incident"
_PLACE = ("after_at", "after_station", "after_id")
_LISTED = f"""{_INCIDENTS}
where (opened_at, station, incidents.id) < (:after_at, :after_station, :after_id)
  and {_BENEATH} and (:state = '' or (:state = 'open') = (closed_at = ''))
order by opened_at desc, station desc, incidents.id desc limit :most
"""
_TOLD = """
select at, event, said from station_events
where station_id = :station_id and event in ('incident_opened', 'incident_updated', 'incident_closed') order by at, seq
"""
_NOTES = """
select at, who, step, words from incident_notes where station_id = :station_id and incident = :incident order by at, id
"""
_NOTE = """
insert into incident_notes (id, station_id, incident, at, who, step, words)
values (:id, :station_id, :incident, :at, :who, :step, :words)
"""
_DISPATCHED = """
update incidents set dispatched_at = :at where station_id = :station_id and id = :incident and dispatched_at = ''
"""
_CLOSED = """
update incidents set closed_at = :at, closed_by = :who
where station_id = :station_id and id = :incident and closed_at = ''
"""


class Incidents:
    """:raises StoreFault: in every method, the store cannot be used."""

    def __init__(self, database: Database, zone: ZoneInfo, now: Callable[[], datetime]) -> None:
        self._database, self._zone, self._now = database, zone, now

    def incidents(self, since: datetime, level: tuple[str, ...] = ()) -> list[IncidentRow]:
        """Those at or beneath a level that were opened since then, or are still open, the newest first."""
        values = {"since": utc_text(since), "most": MOST_INCIDENTS, "day": self._today(), "within": inside(level)}
        with self._database.reading() as connection:
            return [_row(row) for row in connection.execute(_NEWEST, values)]

    def listed(self, listing: Listing) -> list[IncidentRow]:
        """The newest first; the place of one is when it was opened, its station and its id. Its state is "open" or
        "closed"."""
        with self._database.reading() as connection:
            rows = connection.execute(_LISTED, asked_of(listing, _PLACE) | {"day": self._today()})
            return [_row(row) for row in rows]

    def incident(
        self, station: str, incident: str, level: tuple[str, ...] = ()
    ) -> tuple[IncidentRow, list[IncidentStep]]:
        """One with all that was told of it and done about it. :raises UnknownIncident: there is none."""
        with self._database.reading() as connection:
            found = self._find(connection, station, incident, level)
            steps = [*_told(connection, found, incident), *_noted(connection, found, incident)]
        return _row(found), sorted(steps, key=lambda step: step.at)

    def note(self, station: str, incident: str, step: NoteStep, who: str, words: str, level: tuple[str, ...]) -> None:
        """Write down what the district did. :raises UnknownIncident: there is none."""
        with self._database.transaction() as connection:
            found = self._find(connection, station, incident, level)
            values = {
                "id": secrets.token_hex(8),
                "station_id": found["station_id"],
                "incident": incident,
                "at": utc_text(self._now()),
                "who": who,
                "step": step.value,
                "words": words.strip()[:LONGEST_NOTE],
            }
            connection.execute(_NOTE, values)
            if step is NoteStep.DISPATCHED:
                connection.execute(_DISPATCHED, values)
            elif step is NoteStep.CLOSED:
                connection.execute(_CLOSED, values)

    def _find(self, connection: Connection, station: str, incident: str, level: tuple[str, ...]) -> Row:
        values = {"station": station, "incident": incident, "day": self._today()}
        found: Row | None = connection.execute(_ONE, values).fetchone()
        if found is None or _row(found).levels[: len(level)] != level:
            raise UnknownIncident(f"there is no incident {incident} of {station}")
        return found

    def _today(self) -> str:
        return self._now().astimezone(self._zone).date().isoformat()


def _row(row: Row) -> IncidentRow:
    said = dict(row)
    del said["station_id"]
    return IncidentRow(levels=tuple(said.pop("path").split(SEPARATOR)), **said)


def _told(connection: Connection, row: Row, incident: str) -> Iterator[IncidentStep]:
    for told in connection.execute(_TOLD, {"station_id": row["station_id"]}):
        said = json.loads(told["said"])
        if said.get("incident") == incident:
            step = told["event"].removeprefix("incident_")
            yield IncidentStep(told["at"], "", step, said.get("text", ""), said.get("severity", ""))


def _noted(connection: Connection, row: Row, incident: str) -> Iterator[IncidentStep]:
    for note in connection.execute(_NOTES, {"station_id": row["station_id"], "incident": incident}):
        yield IncidentStep(note["at"], note["who"], note["step"], note["words"])
