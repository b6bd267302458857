"""A hub of its own process with its drivers' page, as a district runs it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from broker import free_port
from station_process import Program, get_json

from station.domain.boards import Board
from station.hub.boards import register
from station.hub.sqlite import SqliteDatabase
from station.passes.keys import new_signing_key


@dataclass(frozen=True)
class DriverHub:
    """``drivers`` and ``district`` are the addresses of its pages; ``trust`` holds the key that stations believe."""

    folder: Path
    broker: str
    drivers: str
    district: str

    @property
    def trust(self) -> Path:
        return self.folder / "trust"

    def boards(self) -> dict[str, tuple[int, int]]:
        """Scans and declarations of each board, as the district tells them."""
        rows = get_json(f"{self.district}/api/v1/boards")["boards"]
        return {row["number"]: (row["scans"], row["declarations"]) for row in rows}


@contextmanager
def driver_hub(folder: Path, broker: str, boards: Sequence[Board], driver: str = "") -> Iterator[DriverHub]:
    """``driver``: lines that the section of the drivers' page has beside its address."""
    drivers, district = (f"127.0.0.1:{free_port()}" for _ in range(2))
    hub = DriverHub(folder, broker, f"http://{drivers}", f"http://{district}")
    hub.trust.mkdir()
    new_signing_key(folder / "district.key")
    (folder / "district.pub").rename(hub.trust / "district.pub")
    (folder / "hub.toml").write_text(f"""
[hub]
district = "pingyuan"
data_dir = "{folder / "hub"}"
[broker]
url = "{broker}"
[web]
listen = "{district}"
anonymous_read = true
[signing]
key = "{folder / "district.key"}"
[driver]
listen = "{drivers}"
{driver}
""")
    database = SqliteDatabase(folder / "hub")
    register(database, boards)
    database.close()
    program = Program(folder, "hub", "hub", "run", "--config", str(folder / "hub.toml"))
    yield hub
    assert program.stop() == 0
