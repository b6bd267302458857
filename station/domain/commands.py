"""What an operator asks of a lane, and why it may be refused."""

from dataclasses import dataclass
from enum import StrEnum

from station.domain.decision import Outcome


@dataclass(frozen=True, slots=True)
class Decide:
    """Decide on the passage the operator has in view. ``row`` is the row the screen showed: if the passage has
    changed since, the command is refused, so that two taps or two screens never decide twice. Without a
    ``passage`` a new one is registered by hand (no code, or the camera is lost)."""

    outcome: Outcome
    passage: int | None = None
    row: int | None = None
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back what the operator did last to a passage, as an amendment."""

    passage: int
    row: int
    operator: str = ""


Command = Decide | Undo


class Refusal(StrEnum):
    CHANGED_MEANWHILE = "changed_meanwhile"
    TOO_LATE = "too_late"
    NOTHING_TO_UNDO = "nothing_to_undo"
    NOT_FOUND = "not_found"
    BUSY = "busy"


class Refused(Exception):
    """A command that was not carried out; nothing was written and nothing moved."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why
