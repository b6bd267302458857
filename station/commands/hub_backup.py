"""``station hub backup``: a copy of the hub's database while the hub runs."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from station.clock import utc_now
from station.commands import DONE, FOUND_WRONG, CommandError
from station.commands.hub_config import configure_hub
from station.commands.output import print_json
from station.config import load_hub
from station.hub.sqlite import FILE_NAME
from station.hub.sqlite_backup import BackupBroken, backup, drop_older

NAME = "backup"
HELP = "copy the hub's database while the hub runs, and check the copy"


def configure(parser: ArgumentParser) -> None:
    configure_hub(parser)
    parser.add_argument("target", type=Path, help="folder that gets a file for each backup")
    parser.add_argument("--keep", type=int, metavar="N", help="remove all but the newest N backups there")


def execute(args: Namespace) -> int:
    if args.keep is not None and args.keep < 1:
        raise CommandError("--keep: 1 is the least; the backup just made stays")
    config = load_hub(args.config)
    if config.store.url != "sqlite":
        raise CommandError(f"{args.config}: store.url is a PostgreSQL database: pg_dump copies it, see docs/hub.md")
    file = Path(config.hub.data_dir) / FILE_NAME
    if not file.exists():
        raise CommandError(f"{file}: no such file; has this hub run yet?")
    try:
        place = backup(file, args.target, utc_now())
    except OSError as error:
        raise CommandError(str(error)) from None
    except BackupBroken as error:
        print(error, file=sys.stderr)
        return FOUND_WRONG
    gone = drop_older(args.target, args.keep, place) if args.keep else []
    print_json({"backup": str(place), "bytes": place.stat().st_size, "removed": [str(old) for old in gone]})
    return DONE
