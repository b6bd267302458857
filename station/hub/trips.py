"""Buses' journeys on disk: one a bus, its declarations without names, all forgotten after hours."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from station.domain.boards import Board
from station.domain.declaration import Declaration
from station.domain.passes import Must
from station.domain.times import utc_text
from station.domain.trips import Trip, TripRefusal, TripRefused
from station.hub.database import Connection, Database, Row, StoreUnwritable

QUIET = timedelta(minutes=30)
"""A journey that nobody looked at or declared into for so long may be taken over: its driver's phone may be gone."""
LOOKED_EVERY = timedelta(minutes=1)
SWEPT_EVERY = timedelta(minutes=1)
_SECRET_BYTES = 12
_PASS_ID_BYTES = 8

_START = """
insert into trips (board, secret, pass_id, plate, seats, started, changed, looked, expires)
values (:board, :secret, :pass_id, :plate, :seats, :now, :now, :now, :expires)
"""
_OTHERS = "select coalesce(sum(party), 0) as aboard from trip_declarations where board = :board and phone <> :phone"
_DECLARE = """
insert into trip_declarations (board, phone, party, origin, itinerary, musts)
values (:board, :phone, :party, :origin, :itinerary, :musts)
on conflict (board, phone) do update set party = excluded.party, origin = excluded.origin,
  itinerary = excluded.itinerary, musts = excluded.musts
"""


class Trips:
    """``secret`` opens the driver's view of a journey. ``phone`` is a random word that a passenger's phone was given:
    declaring again with it replaces what was declared."""

    def __init__(self, database: Database, lasts: timedelta, now: Callable[[], datetime]) -> None:
        self._database = database
        self._lasts = lasts
        self._now = now
        self._swept = now() - SWEPT_EVERY

    def start(self, board: Board, plate: str, seats: int) -> str:
        """:return: the secret of the new journey.

        :raises TripRefused: another journey with this bus is under way, or it cannot be stored.
        """
        secret, now = secrets.token_urlsafe(_SECRET_BYTES), self._now()
        values = {
            "board": board.number,
            "secret": _digest(secret),
            "pass_id": secrets.token_hex(_PASS_ID_BYTES),
            "plate": plate,
            "seats": seats,
            "now": utc_text(now),
            "expires": utc_text(now + self._lasts),
        }
        with self._writing(board) as connection:
            row = connection.execute("select * from trips where board = :board", values).fetchone()
            if row is not None and _is_lively(row, now):
                raise TripRefused(TripRefusal.UNDER_WAY)
            connection.execute("delete from trips where board = :board", values)
            connection.execute(_START, values)
        return secret

    def under_way(self, board: Board) -> bool:
        with self._database.reading() as connection:
            return _current(connection, board.number, self._now()) is not None

    def seen_by_driver(self, secret: str) -> Trip | None:
        """The journey as it stands; None when it is over."""
        now = self._now()
        with self._database.reading() as connection:
            which = {"secret": _digest(secret)}
            row = connection.execute("select * from trips where secret = :secret", which).fetchone()
            trip = None if row is None or row["expires"] <= utc_text(now) else _trip(connection, row)
        if trip is not None and row["looked"] <= utc_text(now - LOOKED_EVERY):
            # The driver sees the code whether or not the disk takes a note of it; the hub's health tells of the disk.
            with suppress(StoreUnwritable), self._database.transaction() as connection:
                looked = {"now": utc_text(now), "board": trip.board}
                connection.execute("update trips set looked = :now where board = :board", looked)
        return trip

    def end(self, secret: str) -> None:
        """Forget the journey and all that was declared into it. :raises TripRefused: the disk takes nothing."""
        with self._stored(), self._database.transaction() as connection:
            connection.execute("delete from trips where secret = :secret", {"secret": _digest(secret)})

    def declare(self, board: Board, phone: str, said: Declaration) -> None:
        """:raises TripRefused: no journey is under way, more would declare than are aboard, or it cannot be stored."""
        now = self._now()
        values = {
            "board": board.number,
            "phone": _digest(phone),
            "party": said.party,
            "origin": said.origin,
            "itinerary": " ".join(said.itinerary),
            "musts": " ".join(must for must in Must if must in said.musts),
        }
        with self._writing(board) as connection:
            trip = _current(connection, board.number, now)
            if trip is None:
                raise TripRefused(TripRefusal.NOT_STARTED)
            others = connection.execute(_OTHERS, values).fetchone()
            if others["aboard"] + said.party > trip["seats"]:
                raise TripRefused(TripRefusal.FULL)
            connection.execute(_DECLARE, values)
            changed = {"now": utc_text(now), "board": board.number}
            connection.execute("update trips set changed = :now where board = :board", changed)

    def sweep(self) -> None:
        """Forget the journeys that are over; while the disk takes nothing they wait."""
        now = self._now()
        if now - self._swept < SWEPT_EVERY:
            return
        at = {"now": utc_text(now)}
        with self._database.reading() as connection:
            over = connection.execute("select 1 from trips where expires <= :now", at).fetchone()
        if over is not None:
            with suppress(StoreUnwritable), self._database.transaction() as writing:
                writing.execute("delete from trips where expires <= :now", at)
        self._swept = now

    @contextmanager
    def _writing(self, board: Board) -> Iterator[Connection]:
        """Nobody else changes this bus's journey meanwhile, from whatever hub."""
        with self._stored(), self._database.transaction() as connection:
            which = {"board": board.number}
            connection.execute(f"select 1 from boards where number = :board {connection.for_update}", which)
            yield connection

    @contextmanager
    def _stored(self) -> Iterator[None]:
        try:
            yield
        except StoreUnwritable:
            raise TripRefused(TripRefusal.NOT_STORED) from None


def _digest(token: str) -> str:
    """What is kept of a token: whoever reads the disk cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _is_lively(trip: Row, now: datetime) -> bool:
    """Not over, and not given up by a driver whose phone is gone."""
    quiet_since = max(trip["looked"], trip["changed"])
    return bool(trip["expires"] > utc_text(now) and quiet_since > utc_text(now - QUIET))


def _current(connection: Connection, board: str, now: datetime) -> Row | None:
    found: Row | None = connection.execute(
        "select * from trips where board = :board and expires > :now", {"board": board, "now": utc_text(now)}
    ).fetchone()
    return found


def _trip(connection: Connection, row: Row) -> Trip:
    said = connection.execute(
        "select party, origin, itinerary, musts from trip_declarations where board = :board", {"board": row["board"]}
    ).fetchall()
    provinces: Counter[str] = Counter()
    for one in said:
        for province in sorted({code[:2] for code in (one["origin"], *one["itinerary"].split())}):
            provinces[f"{province}0000"] += one["party"]
    declared = [frozenset(Must(word) for word in one["musts"].split()) for one in said]
    return Trip(
        board=row["board"],
        plate=row["plate"],
        seats=row["seats"],
        pass_id=row["pass_id"],
        started=datetime.fromisoformat(row["started"]),
        changed=datetime.fromisoformat(row["changed"]),
        expires=datetime.fromisoformat(row["expires"]),
        declared=sum(one["party"] for one in said),
        origin=_shared([one["origin"] for one in said]),
        musts=frozenset.intersection(*declared) if declared else frozenset(),
        provinces=dict(provinces.most_common()),
    )


def _shared(origins: list[str]) -> str:
    """The prefecture all of them share, else the province, else nothing."""
    for digits in (6, 2):
        begins = {origin[:digits] for origin in origins}
        if len(begins) == 1:
            return begins.pop().ljust(6, "0")
    return ""
