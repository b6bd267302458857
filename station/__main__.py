"""The command line; the only importer of the screens."""

import logging
import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from types import ModuleType

import cv2

from station.bootstrap import SOFTWARE, DriverDesk, Hub, Station
from station.commands import (
    BAD_INPUT,
    CommandError,
    Screens,
    WebServer,
    bench,
    board,
    check_config,
    decode,
    demo,
    doctor,
    enrol,
    hub,
    keys,
    ledger,
    lists,
    passes,
    replay,
    run,
    simulate,
)
from station.config import ConfigError
from station.hub.queries import GROUPINGS
from station.metrics import exposition
from web_ui import district as district_pages
from web_ui import driver as driver_pages
from web_ui import kiosk as kiosk_pages
from web_ui.district import DistrictServices
from web_ui.driver import DriverServices, Limits, Rates
from web_ui.kiosk import KioskServices
from web_ui.server import serve
from web_ui.text import catalog

COMMANDS: tuple[tuple[str, ModuleType], ...] = (
    ("run", run),
    ("check-config", check_config),
    ("decode", decode),
    ("replay", replay),
    ("pass", passes),
    ("board", board),
    ("keys", keys),
    ("list", lists),
    ("ledger", ledger),
    ("hub", hub),
    ("demo", demo),
    ("simulate", simulate),
    ("doctor", doctor),
    ("enrol", enrol),
    ("bench", bench),
)
KIOSK_THREADS = 24
DISTRICT_THREADS = 40
DRIVER_THREADS = 8  # few, so that a flood of phones leaves the hub its time


def main(arguments: list[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    _quiet_libraries()
    try:
        code: int = args.execute(args, Screens(kiosk=kiosk, district=district, driver=driver, words=words))
    except (CommandError, ConfigError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:  # the reader of a pipe went away
        sys.stderr.close()
        return BAD_INPUT
    return code


def _quiet_libraries() -> None:
    """Errors are ours to tell, one line each; and a lane's thread is its own, OpenCV adds none to four of them."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    cv2.setNumThreads(1)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="station", description="A checkpoint station and its district hub.")
    parser.add_argument("--version", action="version", version=SOFTWARE)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, module in COMMANDS:
        command = commands.add_parser(
            name,
            help=module.HELP,
            description=module.HELP,
            epilog=f"example:\n  {module.EXAMPLE}",
            formatter_class=RawDescriptionHelpFormatter,
        )
        module.configure(command)
        command.set_defaults(execute=module.execute)
    return parser


def words(language: str) -> Mapping[str, str]:
    """What the daily tables are written with: the screens' words and a few of their own."""
    return {**catalog(language), **catalog(f"report.{language}")}


def kiosk(station: Station) -> WebServer:
    """The volunteer's touchscreen over a station."""
    config = station.config
    services = KioskServices(
        lanes=tuple(station.lanes),
        changes=station.feed.changes,
        closed=lambda: station.feed.closed,
        picture=station.picture,
        aim=lambda lane: None if (aim := station.aim(lane)) is None else asdict(aim),
        command=lambda lane, command: asdict(station.command(lane, command)),
        name=station.name,
        health=station.health,
        metrics=exposition(station.figures),
        fever_from=config.policy.fever_from,
    )
    return serve(kiosk_pages.create_app(services, config.kiosk.language), config.kiosk.listen, KIOSK_THREADS)


def district(hub: Hub) -> WebServer:
    """The district's pages over a hub."""
    config = hub.config
    services = DistrictServices(
        district=config.hub.district,
        zone=hub.zone,
        anonymous_read=config.web.anonymous_read,
        groupings=tuple(GROUPINGS),
        changes=hub.feed.changes,
        closed=lambda: hub.feed.closed,
        stations=lambda: [asdict(station) for station in hub.queries.stations()],
        boards=lambda: [asdict(board) for board in hub.boards.today()],
        counts=hub.queries.counts,
        health=hub.health,
        metrics=hub.metrics.expose,
        now=lambda: datetime.now(UTC),
    )
    return serve(district_pages.create_app(services, config.web.language), config.web.listen, DISTRICT_THREADS)


def driver(hub: Hub, desk: DriverDesk) -> WebServer:
    """The drivers' page: its own application and threads, with nothing of the district behind it."""
    config = hub.config.driver
    services = DriverServices(
        zone=hub.zone,
        secure=bool(config.cert) or config.url.startswith("https://"),
        board=desk.boards.find,
        scanned=desk.counts.scanned,
        declare=desk.declare,
        open=desk.passes.open,
        start_trip=desk.trips.start,
        under_way=desk.trips.under_way,
        join=desk.join,
        trip=desk.trips.seen_by_driver,
        end_trip=desk.trips.end,
        manifest=desk.passes.manifest,
        well=lambda: hub.health()[0],
        now=lambda: datetime.now(UTC),
    )
    limits = Limits(Rates(config.per_address, config.per_board, config.in_all), config.proxies)
    app = driver_pages.create_app(services, limits, config.language)
    return serve(app, config.listen, DRIVER_THREADS, tls=(config.cert, config.key) if config.cert else None)


if __name__ == "__main__":
    sys.exit(main())
