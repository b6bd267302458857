"""The plan of shifts, for ``station roster``: which team is due when."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from station.commands import DONE, FOUND_WRONG
from station.commands.tables import open_csv
from station.domain.roster import Roster
from station.domain.rota import Rota, turn_after, turn_at
from station.domain.spreadsheets import decode_csv, write_csv_rows
from station.duty import roster_file, rota_file


def take(file: Path, folder: Path) -> int:
    """:raises RotaError: the plan cannot be used. :raises RosterError: the roster is damaged."""
    teams = {member.team for member in roster_file.load(folder).values()}
    rota = rota_file.read_plan(decode_csv(file.read_bytes()), teams)
    rota_file.save(folder, rota)
    print(f"{len(rota.days)} days of {len(rota.begins)} shifts from {rota.start} on, and then again from the first")
    never = teams - {team for day in rota.days for team in day} - {""}
    for team in sorted(never):
        print(f"team {team} is never due; give it shifts if it is to have any", file=sys.stderr)
    return DONE


def drop(folder: Path) -> int:
    print("the plan is gone; no team is due" if rota_file.remove(folder) else "there was no plan")
    return DONE


def show(folder: Path) -> int:
    """The plan as ``take`` takes it."""
    rota = rota_file.load(folder)
    if rota is None:
        print("there is no plan; take one: station roster plan", file=sys.stderr)
        return FOUND_WRONG
    with open_csv(None) as out:
        write_csv_rows(out, rota_file.written(rota))
    return DONE


def lines(rota: Rota | None, roster: Roster, now: datetime) -> Iterator[str]:
    """Who is due, who comes next, and whom the roster has lost. :param now: in the station's zone."""
    if rota is None:
        return
    turn, following = turn_at(rota, now), turn_after(rota, now)
    due = f"team {turn.team} until {turn.ends:%H:%M}" if turn is not None else "no team yet"
    yield f"due: {due}; then team {following.team} from {following.begins:%m-%d %H:%M}"
    lost = {team for day in rota.days for team in day} - {member.team for member in roster.values()}
    for team in sorted(lost):
        yield f"team {team} stands in the plan and not in the roster; import both again"
