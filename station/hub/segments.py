"""The rules about segments: totals by key with versions, and how far a station's segments are here without a gap."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from msgspec import structs

from station.hub.database import Merge
from station.hub.standings import Standing, Standings
from station.messages import Ack, Segment, SegmentTally, State, StationState, Sync

# A statement is absolute: the highest version of a key holds, and nothing is ever added up here. A row is the ledger
# and then the tally's members in their order.
_MEMBERS = SegmentTally.__struct_fields__  # five that make the key, three counts, the version
TALLIES = Merge("tallies", ("epoch_id", *_MEMBERS[:5]), _MEMBERS[5:-1], _MEMBERS[-1])
NAMES_AT_ONCE = 100  # in an acknowledgement: 16 KB is what a station reads
MAX_EARLY = 1000
"""Segments of a ledger that wait for one before them. A station has four under way; of more than these the totals are
stored, and their numbers asked for again."""
TallyRow = tuple[int | str, ...]


def apply_segment(standing: Standing, segment: Segment) -> None:
    """Note that a segment is here, whether it comes in order, early or again; its tallies are merged by the batch.

    After an old card was put back its number may be that of another one, which is here already; so it is named by id.
    """
    if segment.id:
        standing.segments.append(segment.id)
    number, through = segment.segment, segment.through_seq
    if through > standing.highest_seq:
        standing.highest_seq, standing.changed = through, True
    if number == standing.progress + 1:
        _advance(standing, number, through)
        while (following := standing.progress + 1) in standing.early:
            _advance(standing, following, standing.early.pop(following))
            standing.taken_up = True
    elif number > standing.progress and number not in standing.early and len(standing.early) < MAX_EARLY:
        standing.early[number] = through
        standing.came_early.append(number)
        standing.changed = True


def _advance(standing: Standing, number: int, through: int) -> None:
    standing.progress, standing.changed = number, True
    standing.through_seq = max(standing.through_seq, through)


def tally_rows(epoch: int, segment: Segment) -> list[TallyRow]:
    """All of them, however old: how long counts are kept is a matter of deleting, never of taking them."""
    tallies = _with_amended(segment) if segment.amended else segment.tallies
    return [  # named one by one, which takes half the time of astuple
        (
            epoch,
            one.lane,
            one.minute,
            one.kind,
            one.origin,
            one.outcome,
            one.passages,
            one.vehicles,
            one.persons,
            one.version,
        )
        for one in tallies
    ]


def _with_amended(segment: Segment) -> Iterator[SegmentTally]:
    """Totals with what amendments to passages of earlier epochs change under their keys: they may be below nothing, as
    the same passages count in the totals of those epochs."""
    amended = {(one.lane, one.minute, one.kind, one.origin, one.outcome): one for one in segment.amended}
    for one in segment.tallies:
        change = amended.get((one.lane, one.minute, one.kind, one.origin, one.outcome))
        if change is None:
            yield one
        else:
            yield structs.replace(
                one,
                passages=one.passages + change.passages,
                vehicles=one.vehicles + change.vehicles,
                persons=one.persons + change.persons,
            )


def reply_to(standing: Standing) -> tuple[Ack | None, Sync | None]:
    """What the station may forget, and from where it has to offer again."""
    epoch, progress, lost = standing.epoch, standing.progress, standing.events_here
    stored, segments = _once(standing.stored), _once(standing.segments)
    said = bool(progress or stored or segments or standing.is_greeted)
    ack = Ack(epoch, progress, stored, segments, standing.name_shared, standing.epoch_shared) if said else None
    asks = standing.early or lost is not None or standing.lost_through > progress
    return ack, Sync(epoch, progress + 1, lost) if asks else None


def _once(names: Sequence[str]) -> tuple[str, ...]:
    """Each name once, in their order; nearly always there is one at most."""
    return tuple(names) if len(names) < 2 else tuple(dict.fromkeys(names))


def unknown_epochs(standings: Standings, station: str, state: State) -> list[Sync]:
    """Earlier epochs of a station that this store has nothing of, and its station thinks it has."""
    return [
        Sync(one.epoch, 1, 0 if one.events else None)
        for one in state.earlier
        if (one.segment or one.events) and standings.known(station, one.epoch) is None
    ]


def parted(ack: Ack) -> Sequence[Ack]:
    """As many as have room for all its names; nearly always one, the very same."""
    segments = ack.segments or ()
    most = max(len(ack.events), len(segments))
    if most <= NAMES_AT_ONCE:
        return (ack,)
    parts = (slice(begin, begin + NAMES_AT_ONCE) for begin in range(0, most, NAMES_AT_ONCE))
    return [replace(ack, events=ack.events[part], segments=segments[part]) for part in parts]


def is_answered(state: State) -> bool:
    """Whether a state may have an answer, as every segment and event has."""
    return state.state is StationState.ONLINE and (state.events > 0 or state.machine != "")
