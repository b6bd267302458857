"""``station ledger export|verify|report|backup``: the ledger written out, walked, summed up and copied."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from station.clock import utc_now
from station.commands import DONE, FOUND_WRONG, CommandError, Screens
from station.commands.output import print_json
from station.commands.tables import open_csv
from station.domain.tables import Report
from station.ledger import audit
from station.ledger.audit import LedgerBroken, LedgerMissing
from station.ledger.backup import BackupBroken, backup, drop_older
from station.ledger.report import day_figures
from station.reporting.daily import daily_report
from station.reporting.html import to_html
from station.reporting.pdf import to_pdf
from station.reporting.xlsx import TooManyRows, write_rows, write_xlsx

EXAMPLE = """station ledger verify /var/lib/station
  station ledger report /var/lib/station --day 2026-03-02 --output report.pdf
  station ledger backup /var/lib/station /mnt/usb --keep 14"""
REPORT_FORMATS = ("xlsx", "pdf", "html")


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="export|verify|report|backup")
    export = actions.add_parser("export", help="every row as CSV, JSON Lines or XLSX")
    export.add_argument("--format", choices=("csv", "json", "xlsx"), default="csv")
    export.add_argument("--output", type=Path, metavar="FILE", help="write here instead of to stdout")
    export.add_argument("--personal", action="store_true", help="unseal plates and texts that are still kept")
    verify = actions.add_parser("verify", help="walk the hash chain; exit 1 if it is broken")
    report = actions.add_parser("report", help="a day's tables for the district")
    report.add_argument("--day", type=date.fromisoformat, metavar="DAY", help="such as 2026-03-02; today without it")
    report.add_argument("--output", type=Path, required=True, metavar="FILE", help="its ending says xlsx, pdf or html")
    report.add_argument("--name", default="", help="the checkpoint's name, for the heading")
    report.add_argument("--timezone", type=_zone, default="Asia/Shanghai", help="in which the day begins and ends")
    report.add_argument("--language", choices=("zh", "en"), default="zh")
    copy = actions.add_parser("backup", help="copy the ledger while the station runs, and verify the copy")
    for action in (export, verify, report, copy):
        action.add_argument("data_dir", type=Path, help="the station's data_dir")
    copy.add_argument("target", type=Path, help="folder that gets a folder for each backup")
    copy.add_argument("--personal", action="store_true", help="with the keys of sealed data; forget the copy on time")
    copy.add_argument("--keep", type=int, metavar="N", help="remove all but the newest N backups there")


def execute(args: Namespace, screens: Screens) -> int:
    try:
        match args.action:
            case "export":
                return _export(args)
            case "verify":
                return _verify(args)
            case "report":
                return _report(args, screens)
            case _:
                return _backup(args)
    except (LedgerMissing, TooManyRows) as error:
        raise CommandError(str(error)) from None
    except LedgerBroken as error:
        print(error, file=sys.stderr)
        return FOUND_WRONG
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}; check the path, its rights and free space") from None


def _export(args: Namespace) -> int:
    """What can be read of a damaged ledger is written, and then said to be not all."""
    wrong: list[str] = []
    if args.format == "xlsx":
        if args.output is None:
            raise CommandError("--output: a workbook cannot go to stdout; give a file")
        found = audit.records(args.data_dir, personal=args.personal, unreadable=wrong.append)
        rows = write_rows(found, args.output)
    else:
        rows = _export_text(args, wrong.append)
    print(f"{rows} rows", *wrong, sep="\n", file=sys.stderr)
    return FOUND_WRONG if wrong else DONE


def _export_text(args: Namespace, unreadable: Callable[[str], None]) -> int:
    if args.format == "csv":
        with open_csv(args.output) as out:
            return audit.export_csv(args.data_dir, out, personal=args.personal, unreadable=unreadable)
    target: Any = args.output.open("w", encoding="utf-8") if args.output else nullcontext(sys.stdout)
    with target as out:
        return audit.export_json(args.data_dir, out, personal=args.personal, unreadable=unreadable)


def _verify(args: Namespace) -> int:
    found = audit.verify(args.data_dir)
    print_json({"ok": not found.broken_at, "rows": found.rows, "head": found.head, "why": found.why})
    return FOUND_WRONG if found.broken_at else DONE


def _report(args: Namespace, screens: Screens) -> int:
    form = args.output.suffix.lstrip(".").lower()
    if form not in REPORT_FORMATS:
        raise CommandError(f"--output: {args.output.name} does not end with .{', .'.join(REPORT_FORMATS)}")
    now = utc_now()
    figures = day_figures(args.data_dir, args.day or now.astimezone(args.timezone).date(), args.timezone)
    report = daily_report(figures, args.name, args.timezone, now, screens.words(args.language))
    _write(report, form, args)
    print(f"{args.output}: {figures.total.passages} passages of {figures.day}", file=sys.stderr)
    return DONE


def _write(report: Report, form: str, args: Namespace) -> None:
    if form == "xlsx":
        write_xlsx(report, args.output)
    elif form == "pdf":
        args.output.write_bytes(to_pdf(report))
    else:
        args.output.write_text(to_html(report, args.language), encoding="utf-8")


def _backup(args: Namespace) -> int:
    if args.keep is not None and args.keep < 1:
        raise CommandError("--keep: 1 is the least; the backup just made stays")
    try:
        place, found = backup(args.data_dir, args.target, utc_now(), personal=args.personal)
    except FileExistsError as error:
        raise CommandError(str(error)) from None
    except BackupBroken as error:
        print(error, file=sys.stderr)
        return FOUND_WRONG
    gone = drop_older(args.target, args.keep, place) if args.keep else []
    print_json({"backup": str(place), "rows": found.rows, "head": found.head, "removed": [str(old) for old in gone]})
    return DONE


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"no time zone is called {name!r}") from None
