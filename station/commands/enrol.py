"""``station enrol``: make this machine one station of the district."""

import os
import pwd
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from station import config as cfg
from station.clock import utc_now
from station.commands import DONE, CommandError, Screens
from station.commands.enrol_camera import CAMERAS, enrolment_by_camera
from station.devices.clock import kernel_synchronised
from station.enrolment import Enrolment, EnrolmentError
from station.enrolment.check import check
from station.enrolment.file import read_file
from station.enrolment.laying import CONFIG, files_of, laid_keys, station_toml, write

EXAMPLE = "station enrol /boot/firmware/enrol.toml"
OWNER = "station"


def configure(parser: ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("file", nargs="?", type=Path, metavar="FILE", help="an enrolment file from the hub")
    source.add_argument(
        "--camera",
        metavar="DEVICE",
        help="read an enrolment code with a camera: its device, picamera, a picture or a video",
    )
    source.add_argument(
        "--first-boot",
        type=Path,
        metavar="FILE",
        help="the file if it is there, removed once it was taken; else the first camera there is",
    )
    parser.add_argument("--into", type=Path, default=Path("/etc/station"), metavar="DIR", help="where the files go")
    parser.add_argument("--replace", action="store_true", help="give up the name this machine has")


def execute(args: Namespace, screens: Screens) -> int:
    del screens
    config = args.into / CONFIG
    if config.exists() and not args.replace:
        raise CommandError(f"{config} is there: this machine has a name already; --replace gives it up")
    file = args.file or args.first_boot
    seen_by: Mapping[str, object]
    if file is not None and (args.file is not None or file.exists()):
        source, enrolment, seen_by = str(file), _from_file(file), asdict(CAMERAS[0])
    else:
        source, enrolment, seen_by = enrolment_by_camera(args.camera)
    _lay(enrolment, args.into, seen_by, source)
    if args.first_boot is not None:
        args.first_boot.unlink(missing_ok=True)  # it holds the station's key
    station = enrolment.settings["station"]
    print(f"{config}: this machine is {station['id']} ({station['name']}) of {station['district']}", flush=True)
    return DONE


def _lay(enrolment: Enrolment, folder: Path, seen_by: Mapping[str, object], source: str) -> None:
    """Check it all, then write it all. :raises CommandError: nothing was written, or not everything could be."""
    try:
        _check(enrolment, folder, seen_by)
    except EnrolmentError as error:
        raise CommandError(f"{source}: {error}") from None
    owner = _owner()
    try:
        for believed in list(laid_keys(folder)):  # the keys of the name it had
            believed.unlink()
        for path, content, mode in files_of(enrolment, folder, seen_by):
            write(path, content, mode, owner)
    except OSError as error:
        raise CommandError(f"{folder}: {error.strerror}; run it as root, or give --into a folder") from None


def _check(enrolment: Enrolment, folder: Path, seen_by: Mapping[str, object]) -> None:
    """:raises EnrolmentError: with what the configuration itself would be refused for."""
    check(enrolment, utc_now() if kernel_synchronised() else None)
    with tempfile.TemporaryDirectory() as aside:
        draft = Path(aside) / CONFIG
        draft.write_text(station_toml(enrolment, folder, seen_by), encoding="utf-8")
        try:
            cfg.load_station(draft)
        except cfg.ConfigError as error:
            raise EnrolmentError("; ".join(error.mistakes)) from None


def _owner() -> tuple[int, int] | None:
    """The station's user, where root lays files for it."""
    if os.geteuid() != 0:
        return None
    try:
        user = pwd.getpwnam(OWNER)
    except KeyError:
        return None
    return user.pw_uid, user.pw_gid


def _from_file(path: Path) -> Enrolment:
    try:
        return read_file(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
    except EnrolmentError as error:
        raise CommandError(f"{path}: {error}") from None
