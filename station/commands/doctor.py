"""``station doctor``: what is there, what is wrong, what to do."""

import os
import platform
import shutil
import socket
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import cv2

from station import config as cfg
from station.bootstrap import SOFTWARE, trust_of
from station.commands import DONE, FOUND_WRONG, Screens, aim
from station.commands.output import print_json
from station.devices import Camera, DeviceError, EndOfStream, camera, load_driver
from station.devices.clock import kernel_synchronised
from station.passes.trust import TrustError

HELP = "look at cameras, disk, clock, broker and keys: what is there, what is wrong, what to do"
EXAMPLE = "station doctor --config /etc/station/station.toml"
LEAST_DISK_MB = 200
WATCH = 1.0


@dataclass(frozen=True, slots=True)
class Check:
    """``ok`` None: not there, and that is a normal state. ``remedy`` says what to do when it is wrong."""

    name: str
    ok: bool | None
    found: str
    remedy: str = ""


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, metavar="FILE", help="the station.toml to look at the parts of")
    parser.add_argument("--json", action="store_true", help="one JSON object; with --aim one a line")
    aim.configure(parser)


def execute(args: Namespace, screens: Screens) -> int:
    """:raises ConfigError: the file itself is wrong. :raises CommandError: --aim without what it takes."""
    del screens
    if args.aim:
        return aim.execute(args)
    config = cfg.load_station(args.config) if args.config else None
    checks = list(_machine())
    if config is None or config.station.clock == "kernel":
        checks.append(_clock())
    checks += _station(config) if config is not None else _cameras_found()
    if args.json:
        print_json({"software": SOFTWARE, "checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            print(_line(check), flush=True)
    return FOUND_WRONG if any(check.ok is False for check in checks) else DONE


def _line(check: Check) -> str:
    mark = {True: "ok     ", False: "WRONG  ", None: "-      "}[check.ok]
    return f"{mark}{check.name}: {check.found}" + (f"; {check.remedy}" if check.remedy else "")


def _machine() -> Iterator[Check]:
    yield Check("machine", True, f"{platform.machine()}, Python {platform.python_version()}, {SOFTWARE}")
    yield Check("libraries", True, f"OpenCV {cv2.__version__}, zxing-cpp {version('zxing-cpp')}")
    broker = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    yield Check("mosquitto", True if broker else None, broker or "not installed (needed on a hub and for the demo)")


def _clock() -> Check:
    if kernel_synchronised():
        return Check("clock", True, "synchronised")
    remedy = "start chrony or systemd-timesyncd; until then passes are held for the operator"
    return Check("clock", False, "not synchronised", remedy)


def _cameras_found() -> Iterator[Check]:
    devices = sorted(Path("/dev").glob("video*"))
    names = ", ".join(map(str, devices)) or "no /dev/video*; give --config to try the lanes' own cameras"
    yield Check("cameras", True if devices else None, names)


def _station(config: cfg.StationConfig) -> Iterator[Check]:
    yield _disk(Path(config.station.data_dir))
    yield _keys(config.station)
    for lane in config.lanes:
        yield _camera(lane)
    if config.uplink is not None:
        yield _broker(config.uplink.url)


def _disk(folder: Path) -> Check:
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free // 2**20
    if not os.access(there, os.W_OK):
        return Check("disk", False, f"{there} cannot be written", "give the folder to the station's user")
    if free < LEAST_DISK_MB:
        return Check("disk", False, f"{free} MB free at {there}", f"free some: at least {LEAST_DISK_MB} MB are needed")
    return Check("disk", True, f"{free} MB free at {there}")


def _keys(station: cfg.StationSection) -> Check:
    try:
        count = len(trust_of(station))
    except (TrustError, OSError) as error:
        return Check("trusted keys", False, str(error))
    if not count:
        return Check(
            "trusted keys", False, "none", "put the district's public keys into trust_dir; no pass is valid yet"
        )
    return Check("trusted keys", True, f"{count}")


def _camera(lane: cfg.LaneConfig) -> Check:
    """Open the camera and take pictures for a second."""
    name = f"camera of lane {lane.id}"
    try:
        source: Camera = load_driver(camera.DRIVERS, lane.camera.driver)(lane.camera)
    except DeviceError as error:
        return Check(name, False, str(error))
    try:
        source.open()
        pictures, height, width = _watch(source)
    except (DeviceError, EndOfStream) as error:
        return Check(name, False, str(error) or "the file has no pictures")
    finally:
        source.close()
    return Check(name, True, f"{lane.camera.driver}, {width}x{height}, {pictures} pictures in {WATCH:.0f} s")


def _watch(source: Camera) -> tuple[int, int, int]:
    image, _ = source.grab()
    pictures, end = 1, time.monotonic() + WATCH
    while time.monotonic() < end:
        image, _ = source.grab()
        pictures += 1
    return pictures, image.shape[0], image.shape[1]


def _broker(url: str) -> Check:
    address = urlsplit(url)
    port = address.port or (8883 if address.scheme == "mqtts" else 1883)
    try:
        socket.create_connection((address.hostname or "", port), timeout=3).close()
    except OSError as error:
        return Check("broker", False, f"{url}: {error}", "check the network, the address and that the broker runs")
    return Check("broker", True, f"{url} answers")
