"""``station run --config FILE``: the station until SIGTERM."""

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from station.bootstrap import Station
from station.commands import CommandError, Screens
from station.commands.doctor_beside import look_beside
from station.commands.page_server import PageServer
from station.commands.service import BEGIN_AGAIN, serve_until_told
from station.config import StationConfig, load_station
from station.devices import DeviceError
from station.runtime import notify_starting

EXAMPLE = "station run --config /etc/station/station.toml"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="the station.toml to run")


def execute(args: Namespace, screens: Screens) -> int:
    notify_starting("configuration")
    config = load_station(args.config)
    code = BEGIN_AGAIN
    while code == BEGIN_AGAIN:
        code = _serve(config, screens, args.config)
    return code


def _serve(config: StationConfig, screens: Screens, file: Path) -> int:
    """:return: an exit code, or ``BEGIN_AGAIN`` where the ledger was replaced while the station ran."""
    try:
        station = Station(config, partial(look_beside, config))
    except DeviceError as error:
        raise CommandError(f"{file}: {error}") from None
    except OSError as error:
        raise CommandError(f"{file}: station.data_dir: {error}; give a folder this user may write") from None

    def tell(fault: str) -> None:
        station.health.screen_fault = fault

    pages = PageServer("kiosk.listen", lambda: screens.kiosk(station), station.workers, tell)
    return serve_until_told(station, {"kiosk.listen": pages})
