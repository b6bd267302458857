"""``station roster import|show``: the teams of a checkpoint, for signing on with number and PIN."""

import csv
import sys
from argparse import ArgumentParser, Namespace
from io import StringIO
from pathlib import Path

from station.commands import DONE, CommandError, Screens
from station.config import load_station
from station.domain.roster import EXPERIENCED_ENOUGH, team_views
from station.duty.roster_file import COLUMNS, RosterError, load, read_csv, save

EXAMPLE = """station roster import team.csv --config /etc/station/station.toml
  station roster show --config /etc/station/station.toml"""


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="import|show")
    taken = actions.add_parser(
        "import", help="take a CSV as the roster; PINs are stored as hashes, an empty one keeps the one of before"
    )
    taken.add_argument("file", type=Path, help=f"columns {', '.join(COLUMNS)}; the first two must be there")
    shown = actions.add_parser("show", help="print the roster as CSV, without PINs, and say which team is too green")
    for action in (taken, shown):
        action.add_argument("--config", type=Path, required=True, metavar="FILE", help="the station.toml")


def execute(args: Namespace, screens: Screens) -> int:
    """:raises CommandError: the roster or its file cannot be used."""
    del screens
    folder = Path(load_station(args.config).station.data_dir)
    try:
        return _take(args.file, folder) if args.action == "import" else _show(folder)
    except RosterError as error:
        raise CommandError(str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{args.file if args.action == 'import' else folder}: {error}") from error


def _take(file: Path, folder: Path) -> int:
    roster = read_csv(StringIO(file.read_text("utf-8-sig")), load(folder))
    save(folder, roster)
    print(f"{len(roster)} operators; those without a PIN sign on by badge")
    return DONE


def _show(folder: Path) -> int:
    roster = load(folder)
    rows = csv.writer(sys.stdout)
    rows.writerow((*COLUMNS[:-1], "has_pin"))
    for member in roster.values():
        said = ("yes" if value else "no" for value in (member.experienced, member.pin))
        rows.writerow((member.number, member.label, member.team, member.role.value, *said))
    for team in team_views(((member.number, member.team) for member in roster.values()), roster):
        if not team.enough:
            remedy = f"{EXPERIENCED_ENOUGH} are asked for: move somebody who knows the work into it"
            print(f"team {team.team or '-'}: {team.experienced} of {team.on} experienced; {remedy}", file=sys.stderr)
    return DONE
