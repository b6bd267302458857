"""The parking bay: a held vehicle is set aside, so that its lane goes on, and taken up again when its turn comes.

That a passage stands aside is said by its rows (``aside`` in their evidence, since when), so it survives a restart, is
in every export, and two screens can never disagree. A decision leaves the word where it is, so that an undo within its
time puts the vehicle back into the bay.
"""

from dataclasses import replace

from station.domain.decision import Outcome
from station.domain.moment import Moment
from station.domain.passage import Entry, EntryType, Row
from station.domain.reasons import Reason

ASIDE = "aside"


def since(entry: Entry) -> str:
    """RFC 3339; empty for a passage that was never set aside, or was taken up again."""
    return entry.evidence.get(ASIDE, "")


def waits(entry: Entry) -> bool:
    """Does it stand in the bay, still to be decided on?"""
    return bool(since(entry)) and entry.key.outcome is Outcome.HELD and entry.passages > 0


def set_aside(before: Row, operator: str, at: Moment) -> Entry:
    return _amended(before, operator, at, {**before.entry.evidence, ASIDE: at.text})


def taken_up(before: Row, lane: str, operator: str, at: Moment) -> Entry:
    """It goes on at this lane, whichever it came from, and counts there."""
    evidence = {name: value for name, value in before.entry.evidence.items() if name != ASIDE}
    amended = _amended(before, operator, at, evidence)
    return replace(amended, key=replace(amended.key, lane=lane))


def _amended(before: Row, operator: str, at: Moment, evidence: dict[str, str]) -> Entry:
    """Where a person has decided, that row keeps saying who and when."""
    last = before.entry
    by_person = Reason.BY_OPERATOR in last.reasons
    return replace(
        last,
        type=EntryType.AMENDMENT,
        at=at,
        amends=before.passage,
        replaces=before.seq,
        operator=last.operator if by_person else operator,
        evidence={"decided_at": last.at.text, **evidence} if by_person else evidence,
    )
