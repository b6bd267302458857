"""An enrolment to the files of a station. ``station.toml`` comes last: until it is there, nothing has happened."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from station.disk import PRIVATE, READABLE, write_whole
from station.enrolment import Enrolment
from station.enrolment.toml import to_toml
from station.passes.roles import KeyRole

CONFIG = "station.toml"
TRUST = "trust"
_LAID = ("district-*.pub", "*/district-*.pub")
_HEADER = "# Written by 'station enrol'. Every key: docs/configuration.md.\n"
_LANE: Mapping[str, object] = {"id": "1", "mode": "attended"}


def files_of(enrolment: Enrolment, folder: Path, camera: Mapping[str, object]) -> Iterator[tuple[Path, bytes, int]]:
    """Path, content and mode of each file, in the order in which they are written.

    :param camera: the camera of a lane, for an enrolment that names none.
    """
    yield folder / "tls" / "ca.pem", enrolment.ca, READABLE
    yield folder / "tls" / "station.pem", enrolment.cert, READABLE
    yield folder / "tls" / "station.key", enrolment.key, PRIVATE
    for number, (role, key) in enumerate(enrolment.keys, 1):
        # The root stands where earlier versions read it too; an update that is taken back finds it.
        place = "" if number == 1 and role is KeyRole.DISTRICT else role.value
        yield folder / TRUST / place / f"district-{number}.pub", key, READABLE
    if enrolment.list_key:
        yield folder / "list.key", enrolment.list_key, PRIVATE
    yield folder / CONFIG, station_toml(enrolment, folder, camera).encode(), READABLE


def laid_keys(folder: Path) -> Iterator[Path]:
    """The keys that an earlier enrolment laid there."""
    for pattern in _LAID:
        yield from (folder / TRUST).glob(pattern)


def station_toml(enrolment: Enrolment, folder: Path, camera: Mapping[str, object]) -> str:
    settings = dict(enrolment.settings)
    settings["station"] = {**settings["station"], "trust_dir": str(folder / TRUST)}
    if enrolment.list_key:
        settings["station"]["list_key"] = str(folder / "list.key")
    tls = folder / "tls"
    settings["uplink"] = {
        **settings["uplink"],
        "ca": str(tls / "ca.pem"),
        "cert": str(tls / "station.pem"),
        "key": str(tls / "station.key"),
    }
    settings.setdefault("lanes", [{**_LANE, "camera": camera}])
    return _HEADER + to_toml(settings)


def write(path: Path, content: bytes, mode: int, owner: tuple[int, int] | None) -> None:
    """As ``write_whole``, in a folder that is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content, mode, owner)
