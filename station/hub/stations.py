"""The rules about who is there: states, live frames, and the ledgers (epochs) a station has had."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

from station.hub.received import Received
from station.messages import Live, State, StationState, members_json

TRUSTED = "trusted"
NEVER = datetime.fromtimestamp(0, UTC)

_HOLD_STATE = """
update stations set name = :name, levels = :levels, lanes = :lanes, state = :state, clock = :clock,
  software = :software, lists = :lists, epoch_id = :epoch, conn = :conn, state_at = :at
where id = :station
"""
_HOLD_LIVE = """
insert into live values (?, ?, ?, ?, ?, ?)
on conflict (station_id) do update set
  epoch_id = excluded.epoch_id, seq = excluded.seq, day = excluded.day, at = excluded.at, lanes = excluded.lanes
where excluded.epoch_id <> live.epoch_id or (excluded.seq, excluded.at) > (live.seq, live.at)
"""

_WHOSE = """
select stations.id, epochs.id, epochs.highest_seq, stations.epoch_id
from stations join epochs on epochs.station_id = stations.id and epochs.epoch = ? where stations.station = ?
"""


def station_id(connection: sqlite3.Connection, station: str) -> int:
    """The station's row, made at first contact."""
    found = connection.execute("select id from stations where station = ?", (station,)).fetchone()
    if found is None:
        found = connection.execute("insert into stations (station) values (?) returning id", (station,)).fetchone()
    return int(found["id"])


def epoch_row(connection: sqlite3.Connection, station: int, epoch: int) -> sqlite3.Row:
    """The epoch's row, made at first contact: it starts with nothing stored."""
    key = (station, str(epoch))
    found: sqlite3.Row | None = connection.execute(
        "select * from epochs where station_id = ? and epoch = ?", key
    ).fetchone()
    if found is None:
        found = connection.execute("insert into epochs (station_id, epoch) values (?, ?) returning *", key).fetchone()
    assert found is not None
    return found


def store_seen(connection: sqlite3.Connection, seen: Mapping[str, datetime]) -> None:
    """When each station last gave a sign of life."""
    connection.executemany(
        "update stations set last_seen = max(last_seen, ?) where station = ?",
        [(utc_text(at), station) for station, at in seen.items() if at > NEVER],
    )


def sign_of_life(received: Received) -> datetime:
    """When the station itself was heard with this message. A retained message says when it was sent, if its sender's
    clock can be believed, and never in the future; a will is the broker's word."""
    match received.message:
        case State(state=StationState.LOST):
            return NEVER
        case State() as state if received.retained:
            return min(datetime.fromisoformat(state.at), received.at) if state.clock == TRUSTED else NEVER
        case _:
            return NEVER if received.retained else received.at


def apply_state(connection: sqlite3.Connection, received: Received, state: State) -> None:
    station = station_id(connection, received.station)
    epoch = epoch_row(connection, station, state.epoch)
    now = connection.execute("select * from stations where id = ?", (station,)).fetchone()
    if state.state is StationState.ONLINE:
        if _is_echo(now, epoch, received, state):
            return
        if state.conn < epoch["conn"]:
            _flag_regression(connection, epoch["id"])
    elif not _is_heeded(now, epoch, received, state):
        return
    connection.execute("update epochs set conn = max(conn, ?) where id = ?", (state.conn, epoch["id"]))
    connection.execute(_HOLD_STATE, _values(station, epoch["id"], state))


def _values(station: int, epoch: int, state: State) -> dict[str, object]:
    values: dict[str, object] = asdict(state)
    return values | {
        "station": station,
        "epoch": epoch,
        "levels": _json(state.levels),
        "lanes": _json(state.lanes),
        "lists": _json(state.lists),
        "at": utc_text(datetime.fromisoformat(state.at)),
    }


def _is_echo(now: sqlite3.Row, epoch: sqlite3.Row, received: Received, state: State) -> bool:
    """An ``online`` that arrives again after what followed it, in order or by way of another hub."""
    if now["epoch_id"] is not None and epoch["id"] != now["epoch_id"] and epoch["conn"] > 0:
        return bool(state.conn <= epoch["conn"])  # of a ledger that has been followed by another
    if state.conn >= epoch["conn"]:
        return False
    clocks_hold = state.clock == TRUSTED and now["clock"] == TRUSTED
    return received.repeated or (clocks_hold and utc_text(datetime.fromisoformat(state.at)) < now["state_at"])


def _is_heeded(now: sqlite3.Row, epoch: sqlite3.Row, received: Received, state: State) -> bool:
    """A will or goodbye counts for the connection it belongs to, never for one that followed. One of a connection
    not heard of before (the hub was away meanwhile) is news."""
    current = epoch["id"] == now["epoch_id"]
    if now["epoch_id"] is None or (current and state.conn == now["conn"]):
        return True
    return bool(state.conn > epoch["conn"] and (current or received.retained))


def apply_live(connection: sqlite3.Connection, received: Received, live: Live) -> None:
    station, epoch, highest, current = _whose(connection, received.station, live.epoch)
    if current not in (None, epoch):
        return
    if live.seq < highest and not received.retained:  # a retained one may be older than later segments
        _flag_regression(connection, epoch)
    if live.seq > highest:
        connection.execute("update epochs set highest_seq = ? where id = ?", (live.seq, epoch))
    at = utc_text(datetime.fromisoformat(live.at))
    connection.execute(_HOLD_LIVE, (station, epoch, live.seq, live.day, at, members_json(live.lanes)))


def _whose(connection: sqlite3.Connection, station: str, epoch: int) -> tuple[int, int, int, int | None]:
    """Row of the station, row and highest ledger row of the epoch, and the station's current epoch: one question, for
    of live frames there are thousands a second."""
    found = connection.execute(_WHOSE, (str(epoch), station)).fetchone()
    if found is None:
        epoch_row(connection, station_id(connection, station), epoch)
        found = connection.execute(_WHOSE, (str(epoch), station)).fetchone()
    return found[0], found[1], found[2], found[3]


def count_unreadable(connection: sqlite3.Connection, received: Received, error: str) -> None:
    connection.execute(
        "insert into bad_messages values (?, ?, 1, ?, ?) on conflict (station_id, topic) do update set"
        " messages = messages + 1, last_error = excluded.last_error, last_at = excluded.last_at",
        (station_id(connection, received.station), received.name, error, utc_text(received.at)),
    )


def utc_text(at: datetime) -> str:
    """RFC 3339 UTC at a fixed width, so that text compares as time does."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _flag_regression(connection: sqlite3.Connection, epoch: int) -> None:
    connection.execute("update epochs set regressed = 1 where id = ?", (epoch,))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
