"""Which database the hub's tables are in."""

from pathlib import Path

from station.config import HubConfig, StoreSection
from station.hub.database import Database, StoreUnwritable
from station.hub.sqlite import SqliteDatabase

SQLITE = "sqlite"


def open_database(config: HubConfig) -> Database:
    """As ``open_store``, of a whole hub."""
    return open_store(config.store, Path(config.hub.data_dir))


def open_store(store: StoreSection, folder: Path) -> Database:
    """Opened, with every migration applied.

    :raises StoreUnwritable: the database cannot be used.
    :raises OSError: the hub's folder or its password file cannot be used.
    """
    if store.url == SQLITE:
        return SqliteDatabase(folder)
    try:
        from station.hub.postgres import PostgresDatabase
    except ModuleNotFoundError as error:
        raise StoreUnwritable(
            f"store.url: postgresql:// needs {error.name}; install it with pip install 'checkpoint-station[hub]'"
        ) from None
    return PostgresDatabase(store.url, _password(store.password_file))


def _password(file: str) -> str:
    """The file's first line; empty where libpq finds the password itself."""
    return Path(file).read_text(encoding="utf-8").partition("\n")[0].strip() if file else ""
