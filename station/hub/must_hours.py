"""The five musts done, by lane and local hour: stations state them with their segments, absolute and with a version as
tallies are. Daily tables ask for them; like tallies they are kept for some months."""

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from station.domain.sums import MustSums
from station.hub.database import Connection, Database, Merge
from station.messages import Segment, SegmentMusts

_COUNTED = ("passages", "identity", "itinerary", "test", "temperature", "disinfection")
MUST_HOURS = Merge("must_hours", ("epoch_id", "hour", "lane"), _COUNTED, "version")
MustRow = tuple[int, str, str, int, int, int, int, int, int, int]

_OF_DAY = f"""
select station, {", ".join(f"sum({column}) as {column}" for column in _COUNTED)}
from stations join epochs on epochs.station_id = stations.id join must_hours on must_hours.epoch_id = epochs.id
where {{these}} and hour >= :begin and hour < :end group by station
"""
_FORGET = "delete from must_hours where {these} and hour < :month"
LEDGERS = 200  # in a transaction


def must_rows(epoch: int, segment: Segment) -> list[MustRow]:
    """With what amendments to passages of earlier epochs change in their hours."""
    musts = _with_amended(segment) if segment.amended_musts else segment.musts
    return [
        (
            epoch,
            one.hour,
            one.lane,
            one.passages,
            one.identity,
            one.itinerary,
            one.test,
            one.temperature,
            one.disinfection,
            one.version,
        )
        for one in musts
    ]


def _with_amended(segment: Segment) -> Iterator[SegmentMusts]:
    amended = {(one.lane, one.hour): one for one in segment.amended_musts}
    for one in segment.musts:
        change = amended.get((one.lane, one.hour))
        if change is None:
            yield one
        else:
            counts = {name: getattr(one, name) + getattr(change, name) for name in _COUNTED}
            yield replace(one, **counts)


def musts_of(connection: Connection, stations: Collection[str], begin: str, end: str) -> dict[str, MustSums]:
    """By station, from a minute to before another; nothing of a station that told none."""
    asked = {"stations": connection.array(stations), "begin": begin, "end": end}
    rows = connection.execute(_OF_DAY.format(these=connection.among("stations.station", "stations")), asked)
    return {row["station"]: MustSums(*(row[column] for column in _COUNTED)) for row in rows}


def forget_musts(database: Database, month: str) -> None:
    """Those of every month before this one, some ledgers at a time, so that nobody waits long.

    :raises StoreUnwritable: some are there still.
    """
    with database.reading() as connection:
        ledgers = [row["id"] for row in connection.execute("select id from epochs")]
    for begin in range(0, len(ledgers), LEDGERS):
        with database.transaction() as connection:
            these = connection.array(ledgers[begin : begin + LEDGERS])
            connection.execute(
                _FORGET.format(these=connection.among("epoch_id", "ledgers")), {"ledgers": these, "month": month}
            )
