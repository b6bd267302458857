"""``station hub forget``: a station that is no more, or that must begin anew."""

import sys
from argparse import ArgumentParser, Namespace

from station.bootstrap import DistrictDesk
from station.clock import utc_now
from station.commands import DONE, CommandError
from station.commands.hub_account import COMMAND_LINE
from station.commands.hub_config import configure_hub, database_of
from station.commands.output import print_json
from station.hub.passwords import Passwords
from station.hub.retained import RetainedKept, clear_retained
from station.hub.station_removal import UnknownStation, forget_station
from station.messages import Up

NAME = "forget"
HELP = "forget a station with all its rows, totals included, and what the broker keeps of it; the hub may run meanwhile"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("station", metavar="ID", help="the station's id, such as g107-bridge-north")
    parser.add_argument("--reason", required=True, help="why; it goes into the audit trail")
    parser.add_argument("--without-broker", action="store_true", help="leave what the broker keeps of it")
    configure_hub(parser)


def execute(args: Namespace) -> int:
    if not args.reason.strip():
        raise CommandError("--reason: is empty; say why, for the audit trail")
    with database_of(args.config) as (config, database):
        trail = DistrictDesk(database, config.web, Passwords(), utc_now).trail
        up = Up(config.hub.district, args.station)
        if not args.without_broker:
            try:
                clear_retained(config.broker, f"hub-{config.hub.district}-forget", (up("state"), up("live")))
            except RetainedKept as error:
                raise CommandError(f"{error}; nothing is forgotten. Or give --without-broker") from None
        try:
            gone = forget_station(database, trail, args.station, COMMAND_LINE, args.reason)
        except UnknownStation:
            raise CommandError(f"there is no station {args.station}; see /api/v1/stations") from None
    print_json({"station": args.station, "rows": dict(gone)})
    print("a station that is still there is heard again, and offers all it has", file=sys.stderr)
    return DONE
