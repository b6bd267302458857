"""What an operator asks of a lane, and why it may be refused.

A command that exists can be carried out or refused: each checks its numbers and texts when it is made, and raises
``ValueError`` for what no ledger can hold, so that none of them ends the thread of a lane.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from station.domain.bounds import MAX_ID_LENGTH, MAX_OPERATOR_LENGTH, require_row_numbers, require_texts
from station.domain.by_hand import NOTHING_TOLD, Told
from station.domain.decision import Outcome
from station.domain.passes import Must

UNDO_WITHIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Decide:
    """Decide on the passage the operator has in view. ``row`` is the row the screen showed: if the passage has
    changed since, the command is refused, so that two taps or two screens never decide twice. None: as it stands."""

    outcome: Outcome
    passage: int
    row: int | None = None
    operator: str = ""

    def __post_init__(self) -> None:
        _require_bounds(self.passage, self.row, self.operator)


@dataclass(frozen=True, slots=True)
class Register:
    """Register a passage by hand: there is no code, or the camera is lost. ``form`` is the id that the page made for
    it: sent twice, it is registered once. Empty where the screen itself sees to that."""

    outcome: Outcome
    told: Told = NOTHING_TOLD
    form: str = ""
    operator: str = ""

    def __post_init__(self) -> None:
        require_texts(MAX_ID_LENGTH, form=self.form)
        require_texts(MAX_OPERATOR_LENGTH, operator=self.operator)


@dataclass(frozen=True, slots=True)
class TickMust:
    """Vouch for one of the five musts. Nothing opens for it; the rules look at their proposal again."""

    passage: int
    row: int
    must: Must
    operator: str = ""

    def __post_init__(self) -> None:
        _require_bounds(self.passage, self.row, self.operator)


@dataclass(frozen=True, slots=True)
class UntickMust:
    """Take a tick back; the must rests again on what it rested on before."""

    passage: int
    row: int
    must: Must
    operator: str = ""

    def __post_init__(self) -> None:
        _require_bounds(self.passage, self.row, self.operator)


@dataclass(frozen=True, slots=True)
class SetAside:
    """Set a held vehicle aside, into the parking bay, so that the lane goes on."""

    passage: int
    row: int
    operator: str = ""

    def __post_init__(self) -> None:
        _require_bounds(self.passage, self.row, self.operator)


@dataclass(frozen=True, slots=True)
class TakeUp:
    """Take a vehicle up again from the parking bay, to the lane that is asked, whichever it came from."""

    passage: int
    row: int
    operator: str = ""

    def __post_init__(self) -> None:
        _require_bounds(self.passage, self.row, self.operator)


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back what the operator did last to a passage, as an amendment."""

    passage: int
    row: int
    operator: str = ""

    def __post_init__(self) -> None:
        _require_bounds(self.passage, self.row, self.operator)


def _require_bounds(passage: int, row: int | None, operator: str) -> None:
    require_row_numbers(passage=passage, row=row)
    require_texts(MAX_OPERATOR_LENGTH, operator=operator)


Command = Decide | Register | Undo | TickMust | UntickMust | SetAside | TakeUp


class Refusal(StrEnum):
    CHANGED_MEANWHILE = "changed_meanwhile"
    TOO_LATE = "too_late"
    NOTHING_TO_UNDO = "nothing_to_undo"
    NOT_HELD = "not_held"
    OCCUPIED = "occupied"
    NOT_FOUND = "not_found"
    BUSY = "busy"


class Refused(Exception):
    """A command that was not carried out; nothing was written and nothing moved."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why
