"""``station supervisor run --config FILE``: what supervisors see of a station over the network, until SIGTERM.

A process of its own, which holds nothing of the lanes: what it knows of them it asks of the station.
"""

import ssl
from argparse import ArgumentParser, Namespace
from datetime import timedelta
from pathlib import Path

from station.commands import DONE, FOUND_WRONG, CommandError, Screens, WebServer
from station.commands.service import serve_until_told
from station.config import StationConfig, load_station
from station.supervisor.client import StationClient
from station.supervisor.view import SupervisorView

EXAMPLE = """station supervisor run --config /etc/station/station.toml
  station supervisor configured --config /etc/station/station.toml"""


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="run|configured")
    for name, help_line in (
        ("run", "the supervisors' view until SIGTERM"),
        ("configured", "end with 0 where station.toml has one, else with 1"),
    ):
        action = actions.add_parser(name, help=help_line, description=help_line)
        action.add_argument("--config", type=Path, required=True, metavar="FILE", help="the station.toml to read")


def execute(args: Namespace, screens: Screens) -> int:
    config = load_station(args.config)
    if not config.supervisor.listen:
        print(f"{args.config}: supervisor.listen is empty: nobody looks at this station over the network")
        return DONE if args.action == "run" else FOUND_WRONG
    return _run(config, screens, args.config) if args.action == "run" else DONE


def _run(config: StationConfig, screens: Screens, file: Path) -> int:
    section = config.supervisor
    view = SupervisorView(
        StationClient(Path(section.socket)),
        timedelta(minutes=section.idle_minutes),
        timedelta(hours=section.session_hours),
    )
    return serve_until_told(view, {"supervisor.listen": _web(view, screens, config, file)})


def _web(view: SupervisorView, screens: Screens, config: StationConfig, file: Path) -> WebServer:
    """:raises CommandError: the certificate or its key cannot be used."""
    section = config.supervisor
    try:
        return screens.supervisor(view, config)
    except ssl.SSLError as error:
        raise CommandError(f"{file}: supervisor.cert, supervisor.key: {error}; give PEM files") from None
    except OSError as error:
        raise CommandError(
            f"{file}: supervisor.cert, supervisor.key: {error.strerror}; "
            f"let its user read both: chgrp station {section.cert} {section.key}; chmod 640 {section.key}"
        ) from None
