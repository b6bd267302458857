"""Inspections at the hub: which visits there were, what they found, what is overdue, and how much of it a month."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from station.domain.district_inspections import FindingRow, InspectionRow, MonthRow, NoticeRow, UnknownInspection
from station.domain.levels import SEPARATOR
from station.domain.listing import Listing
from station.domain.times import utc_text
from station.hub.database import Connection, Database, Row
from station.hub.listing import asked_of, inside, lies_beneath

MOST_INSPECTIONS = 10_000
MONTHS = 12
_STILL_OPEN = "coalesce(findings.closed_at, '') = ''"  # a finding that is not told of yet is open
_OF_IT = """notice_findings left join findings
    on findings.station_id = notice_findings.station_id and findings.id = notice_findings.finding
  where notice_findings.station_id = notices.station_id and notice = notices.id"""
_VISITS = f"""
with made as (
  select station_id, inspection, count(*) as findings, sum(case when closed_at = '' then 1 else 0 end) as open_findings
  from findings group by station_id, inspection
), served as (
  select station_id, inspection, count(*) as notices from notices group by station_id, inspection
), asked as (
  select notices.station_id as station_id, notices.inspection as inspection, min(due) as due
  from notices join notice_findings
    on notice_findings.station_id = notices.station_id and notice_findings.notice = notices.id
  left join findings on findings.station_id = notices.station_id and findings.id = notice_findings.finding
  where {_STILL_OPEN} group by notices.station_id, notices.inspection
), visits as (
  select inspections.id as id, station, name, coalesce(places.path, '') as path, stations.id as station_id, lane,
    began_at, ended_at, coalesce(findings, 0) as findings, coalesce(open_findings, 0) as open_findings,
    coalesce(notices, 0) as notices, coalesce(due, '') as due
  from inspections join stations on stations.id = inspections.station_id
  left join made on made.station_id = stations.id and made.inspection = inspections.id
  left join served on served.station_id = stations.id and served.inspection = inspections.id
  left join asked on asked.station_id = stations.id and asked.inspection = inspections.id
  left join places on places.station_id = stations.id and places.since <= :today and :today < places.until
  where began_at <> ''
)
select id, station, name, path, station_id, lane, began_at, ended_at, findings, open_findings, notices, due from visits
"""
_NEWEST = f"""{_VISITS}
where (began_at >= :since or ended_at = '' or open_findings > 0 or due <> '') and {lies_beneath("path")}
order by case when due <> '' and due < :today then due else 'later' end, began_at desc, id limit :most
"""
_ONE = f"{_VISITS} where station = :station and id = :inspection"
_PLACE = ("after_at", "after_station", "after_id")
_LISTED = f"""{_VISITS}
where (began_at, station, id) < (:after_at, :after_station, :after_id) and {lies_beneath("path")}
  and case :state when '' then true when 'overdue' then due <> '' and due < :today
    else (:state = 'open') = (ended_at = '' or open_findings > 0 or due <> '') end
order by began_at desc, station desc, id desc limit :most
"""
_FINDINGS = """
select id, kind, severity, words, made_at, closing, closed_at from findings
where station_id = :station_id and inspection = :id order by made_at, id
"""
_NOTICES = f"""
select id, served_at, due, words, (select count(*) from {_OF_IT}) as findings,
  (select count(*) from {_OF_IT} and {_STILL_OPEN}) as open_findings
from notices where station_id = :station_id and inspection = :id order by served_at, id
"""
_PLACED = """
select stations.id as id, coalesce(path, '') as path from stations
left join places on places.station_id = stations.id and since <= :today and :today < until
"""
_COUNTED = {
    "checks": ("inspections", "began_at"),
    "problems": ("findings", "made_at"),
    "notices": ("notices", "served_at"),
    "closures": ("findings", "closed_at"),
}
_COUNT = """
select station_id, count(*) as counted from {table} where {time} >= :since and {time} < :until group by station_id
"""


class Inspections:
    """:raises StoreFault: in every method, the store cannot be used."""

    def __init__(self, database: Database, zone: ZoneInfo, now: Callable[[], datetime]) -> None:
        self._database, self._zone, self._now = database, zone, now

    def inspections(self, since: datetime, level: tuple[str, ...] = ()) -> list[InspectionRow]:
        """Those at or beneath a level that began since then, go on, or have something open: what is overdue first,
        the longest overdue before all, then the newest."""
        asked = {"since": utc_text(since), "most": MOST_INSPECTIONS, "within": inside(level)}
        with self._database.reading() as connection:
            rows = connection.execute(_NEWEST, asked | {"today": self._today().isoformat()})
            return [self._row(row) for row in rows]

    def listed(self, listing: Listing) -> list[InspectionRow]:
        """The newest first; the place of one is when it began, its station and its id. Its state is "open" while it
        goes on or something is not closed, else "closed"; "overdue" ones are open."""
        asked = asked_of(listing, _PLACE) | {"today": self._today().isoformat()}
        with self._database.reading() as connection:
            return [self._row(row) for row in connection.execute(_LISTED, asked)]

    def inspection(
        self, station: str, inspection: str, level: tuple[str, ...] = ()
    ) -> tuple[InspectionRow, list[FindingRow], list[NoticeRow]]:
        """One with its findings and notices. :raises UnknownInspection: there is none."""
        values = {"station": station, "inspection": inspection, "today": self._today().isoformat()}
        with self._database.reading() as connection:
            found: Row | None = connection.execute(_ONE, values).fetchone()
            if found is None or (row := self._row(found)).levels[: len(level)] != level:
                raise UnknownInspection(f"there is no inspection {inspection} of {station}")
            here = {"station_id": found["station_id"], "id": inspection}
            findings = [FindingRow(**dict(one)) for one in connection.execute(_FINDINGS, here)]
            notices = [self._notice(one) for one in connection.execute(_NOTICES, here)]
        return row, findings, notices

    def months(self, level: tuple[str, ...] = ()) -> list[MonthRow]:
        """What stations that are now at or beneath a level did in each of the last months, this one first."""
        first = self._today().replace(day=1)
        with self._database.reading() as connection:
            paths = {
                row["id"]: row["path"] for row in connection.execute(_PLACED, {"today": self._today().isoformat()})
            }
            rows = []
            for _ in range(MONTHS):
                rows.append(self._month(connection, first, level, paths))
                first = _month_before(first)
        return rows

    def _month(self, connection: Connection, first: date, level: tuple[str, ...], paths: Mapping[int, str]) -> MonthRow:
        times = {"since": self._begin(first), "until": self._begin(_month_after(first))}
        counts = dict.fromkeys(_COUNTED, 0)
        for name, (table, time) in _COUNTED.items():
            for row in connection.execute(_COUNT.format(table=table, time=time), times):
                if tuple(paths[row["station_id"]].split(SEPARATOR))[: len(level)] == level:
                    counts[name] += row["counted"]
        return MonthRow(f"{first:%Y-%m}", **counts)

    def _row(self, row: Row) -> InspectionRow:
        said = dict(row)
        del said["station_id"]
        return InspectionRow(levels=tuple(said.pop("path").split(SEPARATOR)), overdue=self._over(row["due"]), **said)

    def _notice(self, row: Row) -> NoticeRow:
        return NoticeRow(overdue=row["open_findings"] > 0 and self._over(row["due"]), **dict(row))

    def _over(self, due: str) -> bool:
        return bool(due) and due < self._today().isoformat()

    def _begin(self, day: date) -> str:
        return utc_text(datetime(day.year, day.month, day.day, tzinfo=self._zone))

    def _today(self) -> date:
        return self._now().astimezone(self._zone).date()


def _month_before(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)


def _month_after(first: date) -> date:
    return date(first.year + (first.month == 12), first.month % 12 + 1, 1)
