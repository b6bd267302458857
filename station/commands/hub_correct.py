"""``station hub correct show|ledger|total|messages``: numbers of a station put right by hand, with a reason."""

from argparse import ArgumentParser, Namespace
from zoneinfo import ZoneInfo

from station.bootstrap import DistrictDesk
from station.clock import utc_now
from station.commands import DONE, CommandError
from station.commands.hub_account import COMMAND_LINE
from station.commands.hub_config import configure_hub, database_of
from station.commands.output import print_json
from station.domain.decision import Outcome
from station.hub.corrections import Corrections, NotFound, Total
from station.hub.local_hours import LocalHours
from station.hub.passwords import Passwords
from station.hub.received import check_minute
from station.messages import LARGEST_COUNT, MAX_ROW, MessageError

NAME = "correct"
HELP = "put numbers of a station right, with a reason, in the audit trail; the hub may run meanwhile"
_COUNTS = ("passages", "vehicles", "persons")


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="what", required=True, metavar="show|ledger|total|messages")
    show = actions.add_parser("show", help="the station's ledgers and how far each is here, one JSON object a line")
    ledger = actions.add_parser(
        "ledger", help="ask the station for a whole ledger again: its totals and marks are believed anew"
    )
    ledger.add_argument("--epoch", help="of one ledger, as show says it; without it of all")
    ledger.add_argument(
        "--rows", type=int, default=MAX_ROW, help="how many rows it has at the most; events beyond are not believed"
    )
    total = actions.add_parser("total", help="one total, such as of a station that cannot say it again itself")
    for name in ("lane", "minute", "kind", "origin"):
        total.add_argument(f"--{name}", required=True)
    total.add_argument("--outcome", required=True, choices=list(Outcome))
    for name in _COUNTS:
        total.add_argument(f"--{name}", required=True, type=int)
    total.add_argument("--epoch", help="where several of its ledgers have this total")
    messages = actions.add_parser("messages", help="take its refused and set aside messages off the attention list")
    for action in (show, ledger, total, messages):
        action.add_argument("station", metavar="ID", help="the station's id")
        if action is not show:
            action.add_argument("--reason", required=True, help="why; it goes into the audit trail")
        configure_hub(action)


def execute(args: Namespace) -> int:
    if args.what != "show" and not args.reason.strip():
        raise CommandError("--reason: is empty; say why, for the audit trail")
    with database_of(args.config) as (config, database):
        trail = DistrictDesk(database, config.web, Passwords(), utc_now).trail
        hours = LocalHours(ZoneInfo(config.hub.timezone))
        try:
            _correct(Corrections(database, hours, trail, COMMAND_LINE), args)
        except NotFound as error:
            raise CommandError(str(error)) from None
    return DONE


def _correct(corrections: Corrections, args: Namespace) -> None:
    match args.what:
        case "show":
            for ledger in corrections.ledgers(args.station):
                print_json({name: value for name, value in ledger.items() if name != "id"})
        case "ledger":
            if not 0 <= args.rows <= MAX_ROW:
                raise CommandError(f"--rows {args.rows}: give 0 to {MAX_ROW}")
            ledgers = corrections.correct_ledger(args.station, args.epoch, args.rows, args.reason)
            print(f"{args.station}: {ledgers} ledgers are asked for again with its next segment")
        case "total":
            corrections.correct_total(args.station, args.epoch, _total(args), args.reason)
            print(f"{args.station}: corrected; sums by hour and day follow within a minute while a hub runs")
        case _:
            print(f"{args.station}: {corrections.clear_messages(args.station, args.reason)} kinds of messages cleared")


def _total(args: Namespace) -> Total:
    for name in _COUNTS:
        if not 0 <= getattr(args, name) <= LARGEST_COUNT:
            raise CommandError(f"--{name} {getattr(args, name)}: give 0 to {LARGEST_COUNT}")
    try:
        check_minute(args.minute)
    except MessageError as error:
        raise CommandError(f"--{error}") from None
    return Total(
        args.lane, args.minute, args.kind, args.origin, args.outcome, args.passages, args.vehicles, args.persons
    )
