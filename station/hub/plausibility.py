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

from datetime import datetime
from functools import lru_cache

from station.hub.received import Message, Received, Unreadable
from station.hub.standings import MAX_LEDGERS, Standing
from station.messages import EventNotice, Live, Segment, State

MAX_FIRST_ROWS = 2**31
MAX_ROWS_PER_SECOND = 50
MAX_LEAP_ROWS = 100_000


def refusal(standing: Standing | None, received: Received) -> str:
    """Why a message is not taken; empty, and its rows are known from now on, if it is.

    :param standing: of its ledger; None where the station may have no more ledgers.
    """
    if isinstance(received.message, Unreadable):
        return received.message.error
    if standing is None:
        return f"epoch: another ledger of a station that has had {MAX_LEDGERS}; see station hub forget"
    return check_plausible(standing, received.message, received.at)


def check_plausible(standing: Standing, message: Message, at: datetime) -> str:
    """Why such a message cannot be true; empty, and its rows are known from now on, if it can.

    :param at: when the hub heard it.
    """
    if isinstance(message, State) and _is_ahead(message.conn, standing.conn, standing, at):
        return f"conn: {message.conn} connections, where {standing.conn} are known"
    highest = standing.head
    for name, row in _rows(message):
        if row > standing.head and _is_ahead(row, standing.head, standing, at):
            return f"{name}: row {row} of a ledger of which {standing.head} are known"
        highest = max(highest, row)
    if highest > standing.head:  # when it was last raised says how long the ledger had for the rows to come
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


def _rows(message: Message) -> tuple[tuple[str, int], ...]:
    """What the message says of rows that must be there, each with the member's name."""
    match message:
        case State(events=events):
            return (("events", events),)
        case Live(seq=seq):
            return (("seq", seq),)
        case EventNotice(row=row):
            return (("row", row),)
        case Segment() as segment:
            versions = max((one.version for one in segment.tallies), default=0)
            musts = max((one.version for one in segment.musts), default=0)
            numbers = ("segment", segment.segment), ("through_seq", segment.through_seq)
            return (*numbers, ("version", max(versions, musts)))
