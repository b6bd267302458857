"""``station check-config FILE``: every mistake at once."""

import re
from argparse import ArgumentParser, Namespace
from pathlib import Path

from station.commands import DONE, Screens
from station.config import ConfigError, load_hub, load_station, missing_extras

EXAMPLE = "station check-config /etc/station/station.toml"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="station.toml, or hub.toml (told apart by a [hub] table)")


def execute(args: Namespace, screens: Screens) -> int:
    """:raises ConfigError: with every mistake."""
    del screens
    if is_hub(args.file):
        load_hub(args.file)
    elif missing := list(missing_extras(load_station(args.file))):
        raise ConfigError(args.file, missing)
    print(f"{args.file}: ok")
    return DONE


def is_hub(path: Path) -> bool:
    """A hub's file has a ``[hub]`` table; anything else is checked as a station's."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False
    return any(re.match(r"\s*\[\s*hub\s*\]", line) for line in lines)
