"""What a format raises when a code is its own but bad."""

from station.domain.reasons import Reason


class BadPass(Exception):
    """``reason`` is for the decision, the message for a developer's log: it never quotes the payload."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
