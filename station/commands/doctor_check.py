"""One thing that ``station doctor`` looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """``ok`` None: not there, and that is a normal state. ``remedy`` says what to do when it is wrong."""

    name: str
    ok: bool | None
    found: str
    remedy: str = ""
