"""The rules about who is there: states, live frames, and the ledgers (epochs) a station has had."""

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from station.domain.times import normalize_time, utc_text
from station.hub.database import Change, Connection
from station.hub.places import settle
from station.hub.received import Received
from station.hub.standings import KnownStation, Standing
from station.messages import Live, State, StationState, members_json

TRUSTED = "trusted"
NEVER = datetime.fromtimestamp(0, UTC)

_HOLD_STATE = """
update stations set name = :name, levels = :levels, lanes = :lanes, state = :state, clock = :clock,
  software = :software, lists = :lists, faults = :faults, updates = :updates,
  epoch_id = :epoch, conn = :conn, state_at = :at
where id = :station
"""
_HOLD_LIVE = """
insert into live (station_id, epoch_id, seq, day, at, lanes) values (:station, :epoch, :seq, :day, :at, :lanes)
on conflict (station_id) do update set
  epoch_id = excluded.epoch_id, seq = excluded.seq, day = excluded.day, at = excluded.at, lanes = excluded.lanes
where excluded.epoch_id <> live.epoch_id or (excluded.seq, excluded.at) > (live.seq, live.at)
"""
_SEEN = Change("stations", ("last_seen",))
_UNREADABLE = """
insert into bad_messages (station_id, topic, messages, last_error, last_at) values (:station, :topic, 1, :error, :at)
on conflict (station_id, topic) do update set
  messages = case when bad_messages.messages < 1000000000 then bad_messages.messages + 1 else 1000000000 end,
  last_error = excluded.last_error, last_at = excluded.last_at
"""


@dataclass(frozen=True, slots=True)
class Frame:
    """A live frame to be held, unless a newer one is."""

    standing: Standing
    live: Live
    at: str

    def replaces(self, other: "Frame") -> bool:
        newer = (self.live.seq, self.at) > (other.live.seq, other.at)
        return self.standing is not other.standing or newer


@dataclass(slots=True)
class Presence:
    """What a batch says of who is there, by station: the last state heeded and the newest frame."""

    states: dict[int, dict[str, Any]] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)
    frames: dict[int, Frame] = field(default_factory=dict)
    seen: dict[int, str] = field(default_factory=dict)
    unreadable: list[dict[str, Any]] = field(default_factory=list)

    def write(self, connection: Connection) -> None:
        connection.executemany(_HOLD_STATE, self.states.values())
        if self.moved:
            settle(connection, self.moved)
        connection.executemany(_HOLD_LIVE, (_frame_values(frame) for frame in self.frames.values()))
        connection.change(_SEEN, [(at, station) for station, at in self.seen.items()])
        connection.executemany(_UNREADABLE, self.unreadable)

    def hear(self, station: KnownStation, received: Received) -> None:
        """Remember when the station last gave a sign of life."""
        at = sign_of_life(received)
        if at is not NEVER and (text := _text(at)) > station.last_seen:
            station.last_seen = self.seen[station.id] = text

    def apply_state(self, standing: Standing, received: Received, state: State) -> None:
        station = standing.station
        if state.state is StationState.ONLINE:
            if _is_echo(standing, received, state):
                return
            if state.conn < standing.conn:
                standing.regressed, standing.changed = 1, True
        elif not _is_heeded(standing, received, state):
            return
        if state.conn > standing.conn:
            standing.conn, standing.changed = state.conn, True
        values = _state_values(standing, state)
        self.states[station.id] = values
        if values["levels"] != station.levels:
            self.moved.add(station.station)
        station.epoch_id, station.conn = standing.id, state.conn
        station.clock, station.state_at, station.levels = state.clock, values["at"], values["levels"]

    def apply_live(self, standing: Standing, received: Received, live: Live) -> None:
        station = standing.station
        if station.epoch_id not in (None, standing.id):
            return
        if live.seq < standing.highest_seq and not received.retained:  # a retained one may be older than later segments
            standing.regressed, standing.changed = 1, True
        if live.seq > standing.highest_seq:
            standing.highest_seq, standing.changed = live.seq, True
        frame = Frame(standing, live, normalize_time(live.at))
        held = self.frames.get(station.id)
        if held is None or frame.replaces(held):
            self.frames[station.id] = frame

    def count_unreadable(self, station: KnownStation, received: Received, error: str) -> None:
        at = utc_text(received.at)
        self.unreadable.append({"station": station.id, "topic": received.name, "error": error, "at": at})


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


@lru_cache(16)
def _text(at: datetime) -> str:
    """The messages of a batch came at one and the same time."""
    return utc_text(at)


def _is_echo(standing: Standing, received: Received, state: State) -> bool:
    """An ``online`` that arrives again after what followed it, in order or by way of another hub."""
    now = standing.station
    if now.epoch_id is not None and standing.id != now.epoch_id and standing.conn > 0:
        return state.conn <= standing.conn  # of a ledger that has been followed by another
    if state.conn >= standing.conn:
        return False
    clocks_hold = state.clock == TRUSTED and now.clock == TRUSTED
    return received.repeated or (clocks_hold and normalize_time(state.at) < now.state_at)


def _is_heeded(standing: Standing, received: Received, state: State) -> bool:
    """A will or goodbye counts for the connection it belongs to, never for one that followed. One of a connection
    not heard of before (the hub was away meanwhile) is news."""
    now = standing.station
    current = standing.id == now.epoch_id
    if now.epoch_id is None or (current and state.conn == now.conn):
        return True
    return state.conn > standing.conn and (current or received.retained)


def _state_values(standing: Standing, state: State) -> dict[str, Any]:
    return {
        "station": standing.station.id,
        "epoch": standing.id,
        "name": state.name,
        "levels": _json(state.levels),
        "lanes": _json(state.lanes),
        "state": state.state,
        "clock": state.clock,
        "software": state.software,
        "lists": _json(state.lists),
        "faults": _json(state.faults),
        "updates": _json([asdict(update) for update in state.updates]),
        "conn": state.conn,
        "at": normalize_time(state.at),
    }


def _frame_values(frame: Frame) -> dict[str, Any]:
    live, standing = frame.live, frame.standing
    return {
        "station": standing.station.id,
        "epoch": standing.id,
        "seq": live.seq,
        "day": live.day,
        "at": frame.at,
        "lanes": members_json(live.lanes),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
