"""``station order send|list|show``: instructions to every station beneath a level, and what became of them."""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from station.clock import utc_now
from station.commands import DONE, FOUND_WRONG, CommandError, Screens
from station.commands.hub_config import configure_hub, database_of, level_of
from station.commands.output import print_json
from station.commands.signing import configure_passphrase, open_key
from station.config import HubConfig
from station.domain.district_orders import Draft, OrderNotWritten, OrderRow, OrderStation
from station.domain.orders import Urgency
from station.hub.database import Database
from station.hub.order_queries import OrderQueries
from station.hub.orders import Orders
from station.passes.roles import KeyUse

HELP = "send orders to every station beneath a level, and see who has acknowledged them"
EXAMPLE = """station order send --zh "一号车道暂停放行" --en "Stop lane 1" --level pingyuan/qiaobei --config hub.toml
  station order list --config hub.toml
  station order show 20260302t041500-1a2b3c --config hub.toml"""
LASTS_HOURS = 12.0


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="send|list|show")
    send = actions.add_parser("send", help="sign an order; the running hub sends it")
    send.add_argument("--zh", default="", metavar="TEXT", help="in Chinese; a text in one of the languages is needed")
    send.add_argument("--en", default="", metavar="TEXT", help="in English; name nobody in either")
    send.add_argument("--level", metavar="PATH", help="names joined by /, or a station's id behind them; default: all")
    send.add_argument(
        "--urgency", choices=list(Urgency), default=Urgency.ROUTINE, type=Urgency, help="default: routine"
    )
    send.add_argument(
        "--hours", type=float, default=LASTS_HOURS, help=f"it expires after so many ({LASTS_HOURS:g}), 168 at most"
    )
    send.add_argument("--by", default="command line", metavar="NAME", help="who ordered it, for the hub's pages")
    send.add_argument(
        "--key", type=Path, metavar="FILE", help="the signing key; without it signing.order_key of hub.toml, else key"
    )
    configure_passphrase(send)
    configure_hub(send)
    for name, what in (
        ("list", "every order with how many stations have acknowledged it"),
        ("show", "what each station did with an order; exit 1 while one has not acknowledged it"),
    ):
        action = actions.add_parser(name, help=what)
        action.add_argument("--json", action="store_true", help="one JSON object a line")
        if name == "show":
            action.add_argument("order", metavar="ID")
        configure_hub(action)


def execute(args: Namespace, screens: Screens) -> int:
    del screens
    with database_of(args.config) as (config, database):
        match args.action:
            case "send":
                return _send(args, config, database)
            case "list":
                return _list(args, OrderQueries(database, utc_now, ZoneInfo(config.hub.timezone)))
            case _:
                return _show(args, OrderQueries(database, utc_now, ZoneInfo(config.hub.timezone)))


def _send(args: Namespace, config: HubConfig, database: Database) -> int:
    key = open_key(args.key, args.passphrase_file, KeyUse.ORDERS, config.signing)
    level = "/".join(level_of(args.level, config.hub.district))
    draft = Draft(level, args.urgency, args.zh, args.en, timedelta(hours=args.hours))
    try:
        order = Orders(database, config.hub.district, utc_now, ZoneInfo(config.hub.timezone)).write(draft, key, args.by)
    except OrderNotWritten as error:
        raise CommandError(f"order: {error}") from None
    print(f"{order.id}: signed for {level} until {order.expires:%Y-%m-%dT%H:%MZ}; the running hub sends it")
    return DONE


def _list(args: Namespace, orders: OrderQueries) -> int:
    for row in orders.orders():
        if args.json:
            print_json(asdict(row))
        else:
            print(_line(row))
    return DONE


def _line(row: OrderRow) -> str:
    done = f"acknowledged by {row.acknowledged} of {row.stations}"
    refused = f", refused by {row.refused}" if row.refused else ""
    return f"{row.id}  {row.level}  {row.urgency}  {done}{refused}{'  expired' if row.expired else ''}  {_text(row)}"


def _text(row: OrderRow) -> str:
    return " / ".join(text.replace("\n", " ") for text in (row.zh, row.en) if text)


def _show(args: Namespace, orders: OrderQueries) -> int:
    found = orders.order(args.order)
    if found is None:
        raise CommandError(f"there is no order {args.order!r}; see station order list")
    row, stations = found
    if not args.json:
        print(_line(row))
    for station in stations:
        if args.json:
            print_json(asdict(station))
        else:
            print(_station(station))
    return DONE if row.acknowledged == row.stations else FOUND_WRONG


def _station(station: OrderStation) -> str:
    times = {
        "received": station.received_at,
        "shown": station.shown_at,
        "acknowledged": station.acknowledged_at,
        "refused": station.refused_at,
    }
    said = [f"{step} {at}" for step, at in times.items() if at]
    return "  ".join([station.station, *said, station.reason]).rstrip() if said else f"{station.station}  waiting"
