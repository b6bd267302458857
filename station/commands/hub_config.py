"""The option by which a command finds the hub, and the hub's database opened for it."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from station.bootstrap import open_database
from station.commands import CommandError
from station.config import HubConfig, load_hub
from station.hub.database import Database, StoreFault


def configure_hub(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--config", type=Path, required=True, metavar="FILE", help="the hub.toml; the hub may run meanwhile"
    )


@contextmanager
def database_of(file: Path) -> Iterator[tuple[HubConfig, Database]]:
    """:raises CommandError: the database cannot be used."""
    config = load_hub(file)
    try:
        with closing(open_database(config)) as database:
            yield config, database
    except StoreFault as error:
        raise CommandError(f"{file}: {error}") from None
    except OSError as error:
        raise CommandError(f"{file}: hub.data_dir: {error}; give a folder this user may write") from None


def level_of(path: str | None, district: str) -> tuple[str, ...]:
    """:raises CommandError: the path is not one of this district."""
    names = tuple((path or district).split("/"))
    if names[0] != district or not all(names):
        raise CommandError(f"--level {path}: a level is names joined by /, and the first is {district}")
    return names
