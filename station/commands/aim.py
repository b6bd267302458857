"""``station doctor --aim``: a line a second on how well a camera is aimed, while somebody turns it."""

import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from station import config as cfg
from station.commands import DONE, FOUND_WRONG, CommandError
from station.commands.output import print_json
from station.devices import Camera, DeviceError, EndOfStream, camera, load_driver
from station.domain.aim import IN_VIEW_S, Advice, Aim, aim_of, distances
from station.domain.optics import USUAL_MODULES, focal_by_distance, focal_by_view
from station.domain.scan import Code, Frame
from station.scanning.reader import LiveReader

EVERY = 1.0

ADVICE = {
    Advice.SHOW: "hold a code up to the camera",
    Advice.CLOSER: "move the camera closer, print larger, or take a narrower lens",
    Advice.FOCUS: "turn the focus ring, and hold the code still",
    Advice.SHADE: "shade the lens or turn it away from the light",
    Advice.LIGHT: "light the lane",
    Advice.WIPE: "wipe the lens, and keep reflections off the code",
    Advice.FINE: "nothing to do",
}


class Watch:
    """Reads one camera's pictures and measures the newest: ``see`` each one, ``aim`` whenever a line is due."""

    def __init__(self, reader: LiveReader, clock: Callable[[], float]) -> None:
        self._reader = reader
        self._clock = clock
        self._number = 0
        self._newest: Frame | None = None
        self._seen: tuple[Frame, Code] | None = None

    def see(self, frame: Frame) -> None:
        self._newest = frame
        known = [code for code in self._reader.read(frame) if code.modules]
        if known:
            self._seen = (frame, known[-1])

    def grab(self, source: Camera) -> None:
        """:raises DeviceError: the camera is lost. :raises EndOfStream: it has played to its end."""
        image, position = source.grab()
        captured = self._clock()
        self.see(Frame(image, self._number, captured, captured if position is None else position))
        self._number += 1

    def aim(self) -> Aim | None:
        """None before the first picture."""
        newest, seen = self._newest, self._seen
        if newest is None:
            return None
        if seen is None or newest.captured - seen[0].captured > max(IN_VIEW_S, EVERY):
            return aim_of(newest.image)
        return aim_of(newest.image, (seen[0].image, seen[1]))


def watch(args: Namespace, config: cfg.StationConfig) -> int:
    """:raises CommandError: no such lane, or half of what a focal length takes."""
    lane = _lane(config, args.lane)
    if (args.size is None) != (args.distance is None):
        raise CommandError("doctor --aim: --size and --distance go together; give both or neither")
    try:
        source: Camera = load_driver(camera.DRIVERS, lane.camera.driver)(lane.camera)
        source.open()
    except DeviceError as error:
        print(f"lane {lane.id}: {error}", flush=True)
        return FOUND_WRONG
    try:
        for aim in _aims(source, Watch(LiveReader(), time.monotonic), args.seconds):
            if args.json:
                print_json(report(lane.id, aim, _distances(aim, args)))
            else:
                print(line(lane.id, aim, _distances(aim, args)), flush=True)
    except DeviceError as error:
        print(f"lane {lane.id}: {error}", flush=True)
        return FOUND_WRONG
    except KeyboardInterrupt:
        return DONE
    finally:
        source.close()
    return DONE


def _lane(config: cfg.StationConfig, wanted: str | None) -> cfg.LaneConfig:
    for lane in config.lanes:
        if wanted in (None, lane.id):
            return lane
    known = ", ".join(lane.id for lane in config.lanes)
    raise CommandError(f"doctor --aim: there is no lane {wanted!r} in the configuration; there are: {known}")


def _aims(source: Camera, watching: Watch, seconds: float | None) -> Iterator[Aim]:
    """One a second, and one more at the end."""
    began = due = time.monotonic()
    due += EVERY
    while seconds is None or time.monotonic() - began < seconds:
        try:
            watching.grab(source)
        except EndOfStream:
            break
        if time.monotonic() < due:
            continue
        due = time.monotonic() + EVERY
        if (aim := watching.aim()) is not None:
            yield aim
    if (aim := watching.aim()) is not None:
        yield aim


def _distances(aim: Aim, args: Namespace) -> list[dict[str, float]]:
    """In metres; none where the focal length cannot be known."""
    modules = aim.code.modules if aim.code else USUAL_MODULES
    if args.size is None:
        focal = focal_by_view(aim.width, args.view)
    elif aim.code is None:
        return []
    else:
        focal = focal_by_distance(aim.code.px_per_module, args.size, modules, args.distance * 1000)
    return [
        {"size_mm": one.size, "comfortable_m": one.comfortable / 1000, "limit_m": one.limit / 1000}
        for one in distances(modules, focal)
    ]


def report(lane: str, aim: Aim, reach: list[dict[str, float]]) -> dict[str, Any]:
    return {"lane": lane, **asdict(aim), "distances": reach}


def line(lane: str, aim: Aim, reach: list[dict[str, float]]) -> str:
    light = aim.exposure
    parts = [f"lane {lane}"]
    if aim.code is None:
        parts.append("no code in view")
    else:
        code = aim.code
        parts.append(f"{code.px_per_module:.1f} px per module {code.scale.value}")
        parts.append(f"edge {code.edge_px:.1f} px {code.sharpness.value}")
    parts.append(
        f"{'code' if aim.code else 'frame'} light {aim.light.value}: mean {light.mean:.0f}, "
        f"burnt {light.burnt:.0%}, black {light.black:.0%}"
    )
    parts.append("; ".join(ADVICE[advice] for advice in aim.advice))
    if reach:
        parts.append("reads " + ", ".join(f"{one['size_mm']} mm to {one['limit_m']:.1f} m" for one in reach))
    return " | ".join(parts)
