"""How far word has got on a day, as the boards tell it: how many hang, and how often they were scanned and used."""

from station.domain.sums import Publicity
from station.hub.database import Connection

IN_BUSES = ""  # where a station's id would stand
_OF_DAY = """
select station, count(*) as boards, coalesce(sum(scans), 0) as scans, coalesce(sum(declarations), 0) as declarations
from boards left join board_days on board_days.number = boards.number and day = :day group by station
"""


def publicity_of(connection: Connection, day: str) -> dict[str, Publicity]:
    """By station; what hangs in buses belongs to the district as a whole."""
    rows = connection.execute(_OF_DAY, {"day": day})
    return {row["station"]: Publicity(row["boards"], row["scans"], row["declarations"]) for row in rows}
