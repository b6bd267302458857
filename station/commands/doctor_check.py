"""One thing that ``station doctor`` looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from station.domain.condition import Condition


@dataclass(frozen=True, slots=True)
class Check:
    """``ok`` None: not there, and that is a normal state. ``remedy`` says what to do when it is wrong. Where the
    touchscreen tells it too, it does so by ``condition``, with ``values`` filled into its own text."""

    name: str
    ok: bool | None
    found: str
    remedy: str = ""
    condition: Condition | None = None
    values: Mapping[str, str | int] = field(default_factory=dict)
