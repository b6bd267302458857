"""The command line."""

import logging
import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable
from importlib import import_module
from typing import Any

from station.commands import BAD_INPUT, CommandError, Screens
from station.commands.table import COMMANDS
from station.config import ConfigError
from station.version import SOFTWARE


def main(arguments: list[str] | None = None) -> int:
    words = sys.argv[1:] if arguments is None else arguments
    _quiet_libraries()
    args = parser_for(words).parse_args(words)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    screens = Screens(
        kiosk=_shown("screens", "kiosk"),
        supervisor=_shown("supervisor_screen", "supervisor"),
        district=_shown("screens", "district"),
        driver=_shown("screens", "driver"),
        words=_shown("screens", "words"),
    )
    try:
        code: int = args.execute(args, screens)
    except (CommandError, ConfigError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:  # the reader of a pipe went away
        sys.stderr.close()
        return BAD_INPUT
    return code


def parser_for(words: list[str]) -> ArgumentParser:
    """Of all commands it knows the name; of the one that ``words`` choose, everything."""
    parser = ArgumentParser(prog="station", description="A checkpoint station and its district hub.")
    parser.add_argument("--version", action="version", version=SOFTWARE)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    chosen = next((word for word in words if not word.startswith("-")), "")
    for command in COMMANDS:
        options = commands.add_parser(
            command.name,
            help=command.help,
            description=command.help,
            formatter_class=RawDescriptionHelpFormatter,
        )
        if command.name == chosen:
            module = command.load()
            options.epilog = f"example:\n  {module.EXAMPLE}"
            module.configure(options)
            options.set_defaults(execute=module.execute)
    return parser


def _quiet_libraries() -> None:
    """Errors are ours to tell, one line each; and a lane's thread is its own, OpenCV adds none to four of them. OpenCV
    reads this when it is imported."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
    os.environ.setdefault("OPENCV_FOR_THREADS_NUM", "1")


def _shown(module: str, maker: str) -> Callable[..., Any]:
    """The screens are imported once a command shows one."""
    return lambda *parts: getattr(import_module(f"station.{module}"), maker)(*parts)


if __name__ == "__main__":
    sys.exit(main())
