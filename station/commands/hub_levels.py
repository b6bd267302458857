"""``station hub levels import|export|show``: the district's tree, and which station stands under which level."""

import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from station.clock import utc_now
from station.commands import DONE, CommandError
from station.commands.hub_config import configure_hub, database_of
from station.commands.level_files import CSV, YAML, form_of, read_levels, write_levels
from station.commands.tables import open_csv
from station.domain.level_import import Fault, Plan, Refused, plan
from station.domain.levels import ALWAYS, SEPARATOR, Placement, Registry
from station.hub.level_registry import change_registry, read_registry

NAME = "levels"
HELP = "the district's tree: import it from CSV or YAML, export it, show it"
MOST_TOLD = 20


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="levels_action", required=True, metavar="import|export|show")
    take = actions.add_parser("import", help="take what a file says; nothing is changed when one of its rows is wrong")
    take.add_argument("file", type=Path, metavar="FILE", help="a .csv or .yaml; docs/levels.md says what is in it")
    take.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    give = actions.add_parser("export", help="write the tree as a file that import takes")
    give.add_argument("--format", choices=(CSV, YAML), help="csv without it, or as the file's ending says")
    give.add_argument("--output", type=Path, metavar="FILE", help="write here instead of to stdout")
    show = actions.add_parser("show", help="print the tree with the stations of today")
    show.add_argument("level", nargs="?", default="", metavar="LEVEL", help="from here down, such as pingyuan/qiaobei")
    for action in (take, give, show):
        configure_hub(action)


def execute(args: Namespace) -> int:
    match args.levels_action:
        case "import":
            return _import(args)
        case "export":
            return _export(args)
        case _:
            return _show(args)


def _import(args: Namespace) -> int:
    stated = read_levels(args.file)
    with database_of(args.config) as (config, database), database.transaction() as connection:
        registry = read_registry(connection)
        today = utc_now().astimezone(ZoneInfo(config.hub.timezone)).date().isoformat()
        try:
            changes = plan(stated, registry, config.hub.district, today)
        except Refused as refused:
            raise CommandError(_told(args.file, refused.faults)) from None
        if not args.dry_run:
            change_registry(connection, changes)
    _say(changes, registry, args.dry_run)
    return DONE


def _told(file: Path, faults: tuple[Fault, ...]) -> str:
    lines = [f"{file} row {fault.row}: {fault.text}" for fault in faults[:MOST_TOLD]]
    more = [f"and {len(faults) - MOST_TOLD} more"] if len(faults) > MOST_TOLD else []
    return "\n".join([*lines, *more, "nothing was changed"])


def _say(changes: Plan, registry: Registry, dry_run: bool) -> None:
    for move in changes.moved[:MOST_TOLD]:
        before = registry.place(move.station, move.since)
        print(f"{move.station}: {before or 'where it says itself'} -> {move.path} from {_day(move)}")
    if len(changes.moved) > MOST_TOLD:
        print(f"and {len(changes.moved) - MOST_TOLD} stations more")
    print(
        f"{len(changes.added)} levels added, {len(changes.retitled)} titled anew, {len(changes.placed)} placements of "
        f"stations new to the registry, {len(changes.moved)} of known ones{'; nothing was changed' if dry_run else ''}"
    )


def _day(placement: Placement) -> str:
    return "the first day" if placement.since == ALWAYS else placement.since


def _export(args: Namespace) -> int:
    form = args.format or (form_of(args.output) if args.output else CSV)
    with database_of(args.config) as (_, database), database.reading() as connection:
        registry = read_registry(connection)
    try:
        with open_csv(args.output) if form == CSV else _open_text(args.output) as out:
            write_levels(registry, form, out)
    except OSError as error:
        raise CommandError(f"{args.output}: {error.strerror}; check the path, its rights and free space") from None
    print(f"{len(registry.levels)} levels, {len(registry.placements)} stations", file=sys.stderr)
    return DONE


def _open_text(file: Path | None) -> AbstractContextManager[TextIO]:
    return nullcontext(sys.stdout) if file is None else file.open("w", encoding="utf-8")


def _show(args: Namespace) -> int:
    with database_of(args.config) as (config, database), database.reading() as connection:
        registry = read_registry(connection)
        today = utc_now().astimezone(ZoneInfo(config.hub.timezone)).date().isoformat()
    if args.level and args.level not in registry.levels:
        raise CommandError(f"there is no level {args.level!r}; 'station hub levels show' shows them all")
    stations = Counter(registry.place(station, today) for station in registry.placements)
    for path in sorted(registry.levels, key=lambda path: path.split(SEPARATOR)):
        if not args.level or f"{path}/".startswith(f"{args.level}/"):
            level = registry.levels[path]
            titles = " · ".join(filter(None, (level.zh, level.en)))
            count = f" ({stations[path]} stations)" if stations[path] else ""
            print(f"{'  ' * path.count(SEPARATOR)}{level.name}{f'  {titles}' if titles else ''}{count}")
    return DONE
