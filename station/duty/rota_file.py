"""The shift plan on the station's disk, and as people write it."""

import json
from collections.abc import Collection, Sequence
from datetime import date, time, timedelta
from pathlib import Path

from station.disk import write_whole
from station.domain.rota import Rota
from station.domain.spreadsheets import CsvError, parse_clock, parse_date, read_csv_rows
from station.duty.roster_file import changed_at

FILE_NAME = "rota.json"
DATE = "date"
MOST_SHIFTS = 6
AGAIN = "import the plan again: station roster plan"


class RotaError(ValueError):
    """A plan that cannot be used; the text names line, column and remedy, one mistake a line."""


class RotaFile:
    """The plan as it stands on the disk now: whoever imports another need not start the station again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read_at = 0
        self._rota: Rota | None = None
        self.fault = ""

    def rota(self) -> Rota | None:
        """None where there is no plan, or as long as the file cannot be used; ``fault`` then says what to do."""
        changed = changed_at(self._folder / FILE_NAME)
        if changed != self._read_at:
            self._read_at, self.fault = changed, ""
            try:
                self._rota = load(self._folder)
            except RotaError as error:
                self._rota, self.fault = None, str(error)
        return self._rota


def load(folder: Path) -> Rota | None:
    """None where there is no plan. :raises RotaError: the file is damaged."""
    path = folder / FILE_NAME
    try:
        found = json.loads(path.read_text("utf-8"))
        begins = tuple(time.fromisoformat(begin) for begin in found["begins"])
        rota = Rota(date.fromisoformat(found["start"]), begins, tuple(tuple(day) for day in found["days"]))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RotaError(f"{path}: {error.strerror}; let the station's user read it") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RotaError(f"{path}: damaged ({str(error) or type(error).__name__}); {AGAIN}") from error
    named = all(isinstance(team, str) for day in rota.days for team in day)
    fits = {len(day) for day in rota.days} == {len(begins)}
    if not begins or list(begins) != sorted(set(begins)) or not fits or not named:
        raise RotaError(f"{path}: damaged (shifts and teams do not fit); {AGAIN}")
    return rota


def save(folder: Path, rota: Rota) -> None:
    """:raises OSError: the disk does not take it; the one before is still there."""
    plain = {"start": rota.start.isoformat(), "begins": [f"{begin:%H:%M}" for begin in rota.begins], "days": rota.days}
    write_whole(folder / FILE_NAME, json.dumps(plain, ensure_ascii=False, indent=1).encode(), mode=0o600)


def remove(folder: Path) -> bool:
    """:return: whether there was a plan."""
    path = folder / FILE_NAME
    there = path.exists()
    path.unlink(missing_ok=True)
    return there


def read_plan(text: str, teams: Collection[str]) -> Rota:
    """A plan as people write it: a column ``date``, and for each shift one that is headed by the time it begins. Every
    line is a day with a team for each shift; after the last line the first one comes again.

    :param text: of a CSV. :param teams: those of the roster. :raises RotaError: every mistake at once.
    """
    try:
        numbered = list(read_csv_rows(text))
    except CsvError as error:
        raise RotaError(str(error)) from None
    header = numbered[0][1] if numbered else []
    rows = [(line, row) for line, row in numbered[1:] if any(row)]
    begins, wrong = _begins(header)
    days: list[date] = []
    for line, row in rows:
        wrong += [f"line {line}: {mistake}" for mistake in _mistakes(row, header, days, teams)]
    if not rows:
        wrong.append("line 2: there is no day; write each day of the plan with a team for every shift")
    if wrong:
        raise RotaError("\n".join(wrong))
    return Rota(days[0], begins, tuple(tuple(row[1:]) for _, row in rows))


def written(rota: Rota) -> list[list[str]]:
    """The rows of a plan as ``read_plan`` takes them."""
    header = [DATE, *(f"{begin:%H:%M}" for begin in rota.begins)]
    days = enumerate(rota.days)
    return [header, *([(rota.start + timedelta(days=n)).isoformat(), *teams] for n, teams in days)]


def _begins(header: Sequence[str]) -> tuple[tuple[time, ...], list[str]]:
    if header[:1] != [DATE] or not 1 <= len(header) - 1 <= MOST_SHIFTS:
        example = f"{DATE},00:00,08:00,16:00"
        return (), [f"line 1: give {DATE}, and 1 to {MOST_SHIFTS} shifts by the time each begins: {example}"]
    begins: list[time] = []
    wrong = []
    for text in header[1:]:
        try:
            begins.append(parse_clock(text))
        except ValueError:
            wrong.append(f"line 1: {text!r} is no time; write when the shift begins, as 08:00")
    if not wrong and begins != sorted(set(begins)):
        wrong.append("line 1: give the shifts in the order of the day, each once; one from midnight on stands first")
    return tuple(begins), wrong


def _mistakes(row: Sequence[str], header: Sequence[str], days: list[date], teams: Collection[str]) -> list[str]:
    """What is wrong with a line; its day joins ``days``."""
    found = []
    try:
        day = parse_date(row[0])
        if days and day != days[-1] + timedelta(days=1):
            found.append(f"{day} does not follow {days[-1]}; write every day once, one after the other")
        days.append(day)
    except ValueError:
        found.append(f"{row[0]!r} is no date; write it as 2026-03-02")
    if len(row) != len(header):
        return [*found, f"{len(row) - 1} teams for {len(header) - 1} shifts; give one team for each"]
    for begin, team in zip(header[1:], row[1:], strict=True):
        if team not in teams or not team:
            known = ", ".join(sorted(filter(None, teams))) or "none yet: import the roster first"
            found.append(f"{begin}: {team or 'no team'}: one of the roster's teams is asked for ({known})")
    return found
