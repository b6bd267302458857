"""The ledger, as ``station doctor`` finds it: whether it can be read, and what was set aside with the way back."""

from collections.abc import Iterator
from pathlib import Path

from station.commands.doctor_check import Check
from station.ledger.diagnosis import SetAside, diagnose

_NAME = "ledger"
_BEGIN_AGAIN = "the station sets it aside and begins another when it starts: systemctl restart station"
_READ = (
    "station ledger export {place} --output rows.csv; a backup: see docs/lane.md; then move the folder off this machine"
)


def look_at_ledger(folder: Path) -> Iterator[Check]:
    found = diagnose(folder)
    if not found.there:
        yield Check(_NAME, None, "none yet; the station makes it")
    elif found.wrong:
        yield Check(_NAME, False, found.wrong, _BEGIN_AGAIN)
    elif found.newer:
        newer = f"{found.rows} rows, written by a newer version too ({', '.join(found.newer)})"
        yield Check(_NAME, True, newer, "install that version again")
    else:
        yield Check(_NAME, True, f"{found.rows} rows")
    yield from map(_set_aside, found.set_aside)


def _set_aside(one: SetAside) -> Check:
    rows = "cannot be opened" if one.rows is None else f"{one.rows} rows can be read"
    return Check("damaged ledger", False, f"{one.place}: {one.why}; {rows}", _READ.format(place=one.place))
