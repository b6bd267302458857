"""``station roster``: the teams of a checkpoint, for signing on with number and PIN, and the plan of their shifts."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from zoneinfo import ZoneInfo

from station.clock import utc_now
from station.commands import DONE, CommandError, Screens, roster_plan
from station.commands.tables import open_csv
from station.config import load_station
from station.domain.roster import EXPERIENCED_ENOUGH, Member, Roster, team_views
from station.domain.spreadsheets import CsvError, decode_csv, write_csv_rows
from station.duty.roster_file import COLUMNS, RosterError, load, read_roster, save
from station.duty.rota_file import RotaError
from station.duty.rota_file import load as load_rota

EXAMPLE = """station roster import team.csv --config /etc/station/station.toml
  station roster plan shifts.csv --config /etc/station/station.toml
  station roster show --config /etc/station/station.toml"""


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="import|plan|unplan|show")
    taken = actions.add_parser(
        "import", help="take a CSV as the roster; PINs are stored as hashes, an empty one keeps the one of before"
    )
    taken.add_argument("file", type=Path, help=f"columns {', '.join(COLUMNS)}; the first two must be there")
    planned = actions.add_parser("plan", help="take a CSV as the plan of shifts; after its last day it begins again")
    planned.add_argument("file", type=Path, help="columns date and the time each shift begins; a team in each cell")
    unplanned = actions.add_parser("unplan", help="no team is due any more")
    shown = actions.add_parser(
        "show", help="print the roster as CSV, without PINs, and say which team is too green and which one is due"
    )
    shown.add_argument("--plan", action="store_true", help="print the plan of shifts instead")
    for action in (taken, planned, unplanned, shown):
        action.add_argument("--config", type=Path, required=True, metavar="FILE", help="the station.toml")


def execute(args: Namespace, screens: Screens) -> int:
    """:raises CommandError: the roster or its file cannot be used."""
    del screens
    station = load_station(args.config).station
    folder = Path(station.data_dir)
    try:
        match args.action:
            case "import":
                return _take(args.file, folder)
            case "plan":
                return roster_plan.take(args.file, folder)
            case "unplan":
                return roster_plan.drop(folder)
            case _:
                return roster_plan.show(folder) if args.plan else _show(folder, ZoneInfo(station.timezone))
    except (RosterError, RotaError) as error:
        raise CommandError(str(error)) from error
    except (OSError, CsvError) as error:
        raise CommandError(f"{args.file if 'file' in args else folder}: {error}") from error


def _take(file: Path, folder: Path) -> int:
    roster = read_roster(decode_csv(file.read_bytes()), _before(folder))
    save(folder, roster)
    print(f"{len(roster)} operators; those without a PIN sign on by badge")
    return DONE


def _before(folder: Path) -> Roster:
    """Whose PINs are kept. To import the roster again is what is done about a damaged one: it hinders nobody."""
    try:
        return load(folder)
    except RosterError as error:
        print(f"{error}; no PIN of before is known: give everybody theirs again", file=sys.stderr)
        return {}


def _row(member: Member) -> tuple[str, ...]:
    yes_no = ("yes" if value else "no" for value in (member.experienced, member.pin))
    return (member.number, member.label, member.team, member.role.value, *yes_no)


def _show(folder: Path, zone: ZoneInfo) -> int:
    roster = load(folder)
    with open_csv(None) as out:
        write_csv_rows(out, [(*COLUMNS[:-1], "has_pin")])
        write_csv_rows(out, map(_row, roster.values()))
    for team in team_views(((member.number, member.team) for member in roster.values()), roster):
        if not team.enough:
            remedy = f"{EXPERIENCED_ENOUGH} are asked for: move somebody who knows the work into it"
            print(f"team {team.team or '-'}: {team.experienced} of {team.on} experienced; {remedy}", file=sys.stderr)
    for line in roster_plan.lines(load_rota(folder), roster, utc_now().astimezone(zone)):
        print(line, file=sys.stderr)
    return DONE
