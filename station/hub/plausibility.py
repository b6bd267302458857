"""Whether a ledger can be as long as its station says it is.

Rows of a ledger, the versions of its totals, and its segments are counted upwards, and the hub keeps the highest of
each: one absurd statement would hold against all true ones. ``MAX_ROW`` is the bound of the message types; here is what
a station may be ahead of what is known of it.

- A ledger that is heard of for the first time may have run alone for years: seven rows a second for ten years, two
  thousand million.
- One that is known has written at most ``MAX_ROWS_PER_SECOND`` since then. Four lanes with a vehicle every two seconds
  write a tenth of that.
- ``MAX_LEAP_ROWS`` beyond that are let pass, so that nothing hangs on the hub's clock: a hub whose clock was put back
  takes what comes row by row, and refuses a leap until its clock is right again. Nothing is lost by that: what is
  refused is not acknowledged, and the station offers it again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from station.hub.received import Message
from station.hub.standings import MAX_LEDGERS, Standing
from station.messages import EventNotice, Live, Segment, SegmentMusts, SegmentTally, State

MAX_FIRST_ROWS = 2**31
MAX_ROWS_PER_SECOND = 50
MAX_LEAP_ROWS = 100_000

_ROW_MEMBERS: Mapping[type[Message], tuple[str, ...]] = {
    Live: ("seq",),
    Segment: ("segment", "through_seq", "version"),
    EventNotice: ("row",),
    State: ("events",),
}


def refusal(standing: Standing | None, message: Message, at: datetime) -> str:
    """Why a message is not taken, as it cannot be true; empty, and its rows are known from now on, if it is.

    :param standing: of its ledger; None where the station may have no more ledgers.
    :param at: when the hub heard it.
    """
    if standing is None:
        return f"epoch: another ledger of a station that has had {MAX_LEDGERS}; see station hub forget"
    if isinstance(message, State) and _is_ahead(message.conn, standing.conn, standing, at):
        return f"conn: {message.conn} connections, where {standing.conn} are known"
    rows = _rows(message)
    highest = max(rows)
    if highest <= standing.head:
        return ""
    if _is_ahead(highest, standing.head, standing, at):
        name = _ROW_MEMBERS[type(message)][rows.index(highest)]
        return f"{name}: row {highest} of a ledger of which {standing.head} are known"
    # When it was last raised says how long the ledger had for the rows to come.
    standing.head, standing.head_at, standing.changed = highest, _text(at), True
    return ""


@lru_cache(16)
def _text(at: datetime) -> str:
    """The messages of a batch came at one and the same time."""
    return at.isoformat()


def _is_ahead(number: int, known: int, standing: Standing, at: datetime) -> bool:
    """By more than can have come."""
    if number <= known + MAX_LEAP_ROWS:
        return False
    if not known or not standing.head_at:
        return number > max(MAX_FIRST_ROWS, known + MAX_LEAP_ROWS)
    seconds = max(0.0, (at - datetime.fromisoformat(standing.head_at)).total_seconds())
    return number > known + MAX_LEAP_ROWS + int(seconds * MAX_ROWS_PER_SECOND)


def _rows(message: Message) -> tuple[int, ...]:
    """What the message says of rows that must be there, in the order of ``_ROW_MEMBERS``."""
    match message:
        case Live(seq=seq):
            return (seq,)
        case Segment() as segment:
            version = _newest(segment.musts, _newest(segment.tallies, 0))
            return segment.segment, segment.through_seq, version
        case EventNotice(row=row):
            return (row,)
        case State(events=events):
            return (events,)


def _newest(totals: Sequence[SegmentTally] | Sequence[SegmentMusts], version: int) -> int:
    """The highest version of these and the one given. ``max`` with a generator takes four times as long."""
    for one in totals:
        if one.version > version:
            version = one.version
    return version
