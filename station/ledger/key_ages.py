"""How old the keys of days are, by a time that no wrong clock pushes ahead (``station.domain.retention``).

A key's name is a day by the clock as it was then, which may have been wrong. So its age counts from the day, by the
proven time, on which it was last used; only a name that fits that day is believed.
"""

import json
from collections.abc import Collection
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path

from station.disk import PRIVATE, write_whole
from station.domain.moment import Moment
from station.domain.retention import Retention

FILE_NAME = "ages.json"
SAVE_INTERVAL_S = 600.0
_PLAUSIBLE = timedelta(days=2)


class KeyAges:
    """``look`` and ``note`` are housekeeping's; the rest may be called from any thread."""

    def __init__(self, folder: Path) -> None:
        """A file that cannot be read is as good as none: ages begin anew, and nothing is forgotten early."""
        self._path = folder / FILE_NAME
        self._retention = Retention()
        self._days: dict[str, str] = {}
        self._saved_at = float("-inf")
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
            self._retention, self._days = _retention(told["retention"]), dict(told["days"])
            self._upgrade = bool(told["upgrade"])
        except FileNotFoundError:
            # Keys of a version before this one are as old as their names say.
            self._upgrade = folder.is_dir() and any(folder.glob("*.key"))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self._upgrade = False

    def look(self, now: Moment) -> None:
        """One more look at the clock. :raises OSError: what is known cannot be written down."""
        before, self._retention = self._retention, self._retention.look(now)
        if self._retention.is_begun_anew(before) or now.monotonic - self._saved_at >= SAVE_INTERVAL_S:
            self._save(now)

    def until(self, now: Moment) -> datetime | None:
        """The time that ages are counted from; None: nothing may be forgotten."""
        return self._retention.until(now)

    def fits(self, at: Moment) -> bool:
        """Whether a key may be named by the day of this moment: nothing speaks against the clock."""
        return at.trusted and (self._retention.proven is None or self._retention.agrees(at))

    def agrees(self, now: Moment) -> bool:
        """Whether the clock is what it was proven to be."""
        return self._retention.agrees(now)

    def note(self, names: Collection[str], used: Collection[str], now: Moment) -> None:
        """Write down the day of keys that are new, or that were used since the last time. Only while the clock
        ``agrees``: of a key that was used meanwhile nobody knows the day before it does again.

        :param names: of all keys that there are.
        :raises OSError: it cannot be written.
        """
        proven = self._retention.proven
        if proven is None:
            return
        today = max(proven, now.utc).date()
        known = {name: day for name, day in self._days.items() if name in names and name not in used}
        for name in names:
            known.setdefault(name, self._own_day(name, today).isoformat())
        self._days, self._upgrade = known, False
        self._save(now)

    def old(self, oldest: date) -> list[str]:
        """Keys that were last used before a day. One that was not noted yet is not old, whatever its name says."""
        return sorted(name for name, day in self._days.items() if day < oldest.isoformat())

    def _own_day(self, name: str, today: date) -> date:
        day = named_day(name)
        believed = day is not None and day <= today and (self._upgrade or today - day <= _PLAUSIBLE)
        return day if believed and day is not None else today

    def _save(self, now: Moment) -> None:
        known = asdict(self._retention)
        known |= {name: at.isoformat() for name, at in known.items() if isinstance(at, datetime)}
        told = json.dumps({"retention": known, "days": self._days, "upgrade": self._upgrade}, sort_keys=True)
        self._saved_at = now.monotonic  # a disk that does not take it is not asked again at once
        write_whole(self._path, told.encode(), PRIVATE)


def named_day(name: str) -> date | None:
    """None for a key of a time that was not known."""
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def _retention(told: dict[str, str | float | None]) -> Retention:
    """:raises KeyError: a part is missing. :raises ValueError: a part is none."""
    proven, candidate = told["proven"], told["candidate"]
    return Retention(
        None if proven is None else datetime.fromisoformat(str(proven)),
        None if candidate is None else datetime.fromisoformat(str(candidate)),
        float(told["run_s"] or 0.0),
        str(told["boot"]),
        float(told["monotonic"] or 0.0),
    )
