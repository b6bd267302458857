"""An enrolment code held up to one of this machine's cameras."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from station import config as cfg
from station.commands import CommandError
from station.devices import Camera, DeviceError, EndOfStream, camera, load_driver
from station.domain.scan import Frame
from station.enrolment import Enrolment, EnrolmentError
from station.enrolment.code import read_code
from station.scanning.reader import LiveReader

CAMERAS: tuple[cfg.CameraConfig, ...] = (cfg.V4l2CameraConfig(), cfg.PiCameraConfig())


def enrolment_by_camera(wanted: str | None) -> tuple[str, Enrolment, Mapping[str, object]]:
    """Wait for an enrolment code. :return: what gave it, the enrolment, and the camera's table for the first lane."""
    candidates = CAMERAS if wanted is None else (_camera(wanted),)
    faults = []
    for config in candidates:
        try:
            source: Camera = load_driver(camera.DRIVERS, config.driver)(config)
            source.open()
        except DeviceError as error:
            faults.append(str(error))
            continue
        print(f"hold the enrolment code before the camera ({config.driver})", flush=True)
        try:
            return f"camera {config.driver}", _watch(source), asdict(config)
        except (DeviceError, EndOfStream) as error:
            raise CommandError(f"{error}: no enrolment code was seen") from None
        finally:
            source.close()
    raise CommandError("; ".join(faults))


def _camera(wanted: str) -> cfg.CameraConfig:
    if wanted == "picamera":
        return cfg.PiCameraConfig()
    if Path(wanted).is_file():
        return cfg.FileCameraConfig(path=wanted)
    return cfg.V4l2CameraConfig(device=wanted)


def _watch(source: Camera) -> Enrolment:
    """The first enrolment code in view. One that is damaged is told, and looked for on."""
    told = ""
    for text in _texts(source):
        try:
            enrolment = read_code(text)
        except EnrolmentError as error:
            if told != str(error):
                told = str(error)
                print(f"the enrolment code {told}", flush=True)
            continue
        if enrolment is not None:
            return enrolment
    raise EndOfStream


def _texts(source: Camera) -> Iterator[str]:
    reader, number = LiveReader(), 0
    while True:
        image, _ = source.grab()
        now = time.monotonic()
        for code in reader.read(Frame(image, number, now, now)):
            yield code.text
        number += 1
