"""The boards that hang in the district: which there are, and how often each was used today."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from station.domain.boards import Board, BoardKind, is_board_number
from station.hub.database import Database, Readable


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A board with its counts of the local day; JSON-ready. A bus's board has neither station nor lane."""

    number: str
    kind: str
    station: str
    lane: str
    position: str
    scans: int
    declarations: int


def register(database: Database, boards: Iterable[Board]) -> None:
    """Make boards known to the drivers' page. One that is known already is changed.

    :raises StoreUnwritable: none of them is registered.
    """
    with database.transaction() as connection:
        connection.executemany(
            """
            insert into boards (number, kind, station, lane, position, plate, seats)
            values (:number, :kind, :station, :lane, :position, :plate, :seats)
            on conflict (number) do update set kind = excluded.kind, station = excluded.station, lane = excluded.lane,
                position = excluded.position, plate = excluded.plate, seats = excluded.seats
            """,
            [asdict(board) for board in boards],
        )


class Boards:
    """What is asked of the registry."""

    def __init__(self, database: Readable, zone: ZoneInfo, now: Callable[[], datetime]) -> None:
        self._database = database
        self._zone = zone
        self._now = now

    def find(self, number: str) -> Board | None:
        """A registered board; a number that is mistyped is told by its check digit, without a look at the disk."""
        if not is_board_number(number):
            return None
        with self._database.reading() as connection:
            row = connection.execute("select * from boards where number = :number", {"number": number}).fetchone()
        return None if row is None else Board(**(dict(row) | {"kind": BoardKind(row["kind"])}))

    def today(self) -> list[BoardRow]:
        """Every board by its number, with the counts of the local day."""
        day = self._now().astimezone(self._zone).date().isoformat()
        with self._database.reading() as connection:
            rows = connection.execute(
                """
                select boards.number, kind, station, lane, position,
                    coalesce(scans, 0) as scans, coalesce(declarations, 0) as declarations
                from boards left join board_days on board_days.number = boards.number and day = :day
                order by length(boards.number), boards.number
                """,
                {"day": day},
            ).fetchall()
        return [BoardRow(**dict(row)) for row in rows]
