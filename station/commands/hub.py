"""``station hub run --config FILE``: the district's collector and pages until SIGTERM."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from station.bootstrap import Hub
from station.commands import CommandError, Screens
from station.commands.service import serve_until_told
from station.config import load_hub
from station.passes.keys import SigningKeyError

HELP = "run the district's hub until SIGTERM"
EXAMPLE = "station hub run --config /etc/checkpoint-hub/hub.toml"


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="run")
    run = actions.add_parser("run", help="collector and district pages until SIGTERM")
    run.add_argument("--config", type=Path, required=True, metavar="FILE", help="the hub.toml to run")


def execute(args: Namespace, screens: Screens) -> int:
    config = load_hub(args.config)
    try:
        hub = Hub(config)
    except SigningKeyError as error:
        raise CommandError(f"{args.config}: {error}") from None
    except OSError as error:
        raise CommandError(f"{args.config}: hub.data_dir: {error}; give a folder this user may write") from None
    webs = {"web.listen": screens.district(hub)}
    if hub.driver is not None:
        try:
            webs["driver.listen"] = screens.driver(hub, hub.driver)
        except OSError as error:
            hub.close()
            raise CommandError(f"{args.config}: driver.cert, driver.key: {error}; give PEM files") from None
    return serve_until_told(hub, webs)
