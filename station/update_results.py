"""What the nightly update did last: firmware_config/update/take-release writes it, the hub is told."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

STATUS_FILE = Path("/var/lib/checkpoint-update/status.json")
MAX_STATUS_BYTES = 16 * 1024
MAX_RESULTS = 4
MAX_TEXT = 80
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class UpdateResult:
    """``outcome`` is ``installed``, ``refused`` or ``failed`` (was not well, and taken back). ``at`` is UTC."""

    file: str
    outcome: str
    reason: str
    at: str


def read_update_results(status: Path = STATUS_FILE) -> tuple[UpdateResult, ...]:
    """The newest ``MAX_RESULTS``, the newest last. None where there was no update, or the file is of no use: it is for
    information alone."""
    try:
        with status.open("rb") as file:
            data = file.read(MAX_STATUS_BYTES + 1)
        results = json.loads(data)["results"] if len(data) <= MAX_STATUS_BYTES else []
        found = [_result(one) for one in results]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ()
    return tuple(one for one in found if _TIME.fullmatch(one.at))[-MAX_RESULTS:]


def _result(one: dict[str, object]) -> UpdateResult:
    file, outcome, reason, at = (str(one[name])[:MAX_TEXT] for name in ("file", "outcome", "reason", "at"))
    return UpdateResult(file, outcome, reason, at)
