"""``station hub run`` and the others: the district's machine, who may open its pages, its tree, and its stations."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from station.bootstrap import Hub
from station.commands import (
    CommandError,
    Screens,
    WebServer,
    hub_account,
    hub_authority,
    hub_backup,
    hub_correct,
    hub_enrol,
    hub_forget,
    hub_levels,
    hub_token,
)
from station.commands.page_server import PageServer
from station.commands.service import serve_until_told
from station.config import load_hub
from station.hub.database import StoreUnwritable
from station.passes.keys import SigningKeyError
from station.runtime import collect_garbage_seldom, notify_starting

EXAMPLE = """station hub run --config /etc/checkpoint-hub/hub.toml
  station hub levels import --config /etc/checkpoint-hub/hub.toml --dry-run levels.csv
  station hub account add --role administrator --config /etc/checkpoint-hub/hub.toml wang.li
  station hub enrol --config /etc/checkpoint-hub/hub.toml --output /media/stick g107-bridge-north
  station hub backup --config /etc/checkpoint-hub/hub.toml /mnt/usb --keep 14
  station hub forget --config /etc/checkpoint-hub/hub.toml --reason "gone with the bridge" g107-bridge-north
  station hub correct ledger --config /etc/checkpoint-hub/hub.toml --reason "frozen totals" g107-bridge-north
  station hub token new --config /etc/checkpoint-hub/hub.toml grafana"""

OTHERS = (hub_account, hub_authority, hub_backup, hub_correct, hub_enrol, hub_forget, hub_levels, hub_token)


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="|".join(("run", *(other.NAME for other in OTHERS)))
    )
    run = actions.add_parser("run", help="collector and district pages until SIGTERM")
    run.add_argument("--config", type=Path, required=True, metavar="FILE", help="the hub.toml to run")
    for other in OTHERS:
        other.configure(actions.add_parser(other.NAME, help=other.HELP, description=other.HELP))


def execute(args: Namespace, screens: Screens) -> int:
    for other in OTHERS:
        if args.action == other.NAME:
            code: int = other.execute(args)
            return code
    return _run(args, screens)


def _run(args: Namespace, screens: Screens) -> int:
    notify_starting("store")
    config = load_hub(args.config)
    try:
        hub = Hub(config)
    except (SigningKeyError, StoreUnwritable) as error:
        raise CommandError(f"{args.config}: {error}") from None
    except OSError as error:
        raise CommandError(f"{args.config}: hub.data_dir: {error}; give a folder this user may write") from None
    with collect_garbage_seldom():
        return serve_until_told(hub, _pages(hub, screens))


def _pages(hub: Hub, screens: Screens) -> dict[str, WebServer]:
    """Each under the key that says where it listens."""
    pages: dict[str, WebServer] = {
        "web.listen": PageServer("web.listen, web.cert, web.key", lambda: screens.district(hub), hub.workers)
    }
    desk = hub.driver
    if desk is not None:
        keys = "driver.listen, driver.cert, driver.key"
        pages["driver.listen"] = PageServer(keys, lambda: screens.driver(hub, desk), hub.workers)
    return pages
