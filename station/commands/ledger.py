"""``station ledger export|verify``: the ledger written out, its hash chain walked."""

import sys
from argparse import ArgumentParser, Namespace
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from station.commands import DONE, FOUND_WRONG, CommandError, Screens
from station.commands.output import print_json
from station.ledger import audit

HELP = "export the ledger, or verify its hash chain"
EXAMPLE = "station ledger verify /var/lib/station"


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="export|verify")
    export = actions.add_parser("export", help="every row as CSV or JSON Lines")
    export.add_argument("data_dir", type=Path, help="the station's data_dir")
    export.add_argument("--format", choices=("csv", "json"), default="csv")
    export.add_argument("--output", type=Path, metavar="FILE", help="write here instead of to stdout")
    export.add_argument("--personal", action="store_true", help="unseal plates and texts that are still kept")
    verify = actions.add_parser("verify", help="walk the hash chain; exit 1 if it is broken")
    verify.add_argument("data_dir", type=Path, help="the station's data_dir")


def execute(args: Namespace, screens: Screens) -> int:
    del screens
    try:
        return _export(args) if args.action == "export" else _verify(args)
    except FileNotFoundError as error:
        raise CommandError(str(error)) from None


def _export(args: Namespace) -> int:
    write = audit.export_csv if args.format == "csv" else audit.export_json
    target: Any = args.output.open("w", encoding="utf-8", newline="") if args.output else nullcontext(sys.stdout)
    with target as out:
        rows = write(args.data_dir, out, personal=args.personal)
    print(f"{rows} rows", file=sys.stderr)
    return DONE


def _verify(args: Namespace) -> int:
    found = audit.verify(args.data_dir)
    print_json({"ok": not found.broken_at, "rows": found.rows, "head": found.head, "why": found.why})
    return FOUND_WRONG if found.broken_at else DONE
