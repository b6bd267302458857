"""``station doctor --aim``: a line a second on how well a camera is aimed, while somebody turns it."""

import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator

from station import config as cfg
from station.commands import DONE, FOUND_WRONG, CommandError
from station.commands.aim_lines import line, report
from station.commands.output import print_json
from station.devices import Camera, DeviceError, EndOfStream, camera, load_driver
from station.domain.aim import USUAL_ANGLE, Aim, Distance, aim_of, distances
from station.domain.optics import USUAL_MODULES, focal_by_distance, focal_by_view
from station.domain.scan import Code, Frame
from station.scanning.reader import LiveReader

EVERY = 1.0


def configure(parser: ArgumentParser) -> None:
    aiming = parser.add_argument_group("aiming a camera")
    aiming.add_argument("--aim", action="store_true", help="tell every second how well a camera sees a code")
    aiming.add_argument("--lane", metavar="ID", help="whose camera (the first lane's)")
    aiming.add_argument("--for", dest="seconds", type=float, metavar="SECONDS", help="end by itself, else by Ctrl-C")
    aiming.add_argument(
        "--view", type=_angle, default=USUAL_ANGLE, metavar="DEGREES", help="horizontal angle of view (%(default)s)"
    )
    aiming.add_argument("--size", type=_length, metavar="MM", help="side of the printed code held up, with --distance")
    aiming.add_argument("--distance", type=_length, metavar="M", help="from that code to the lens, instead of --view")


def execute(args: Namespace) -> int:
    """:raises ConfigError: the file itself is wrong. :raises CommandError: an option is missing or names nothing."""
    if args.config is None:
        raise CommandError("doctor --aim: the cameras are in the configuration; give --config FILE")
    if (args.size is None) != (args.distance is None):
        raise CommandError("doctor --aim: --size and --distance go together; give both or neither")
    lane = _lane(cfg.load_station(args.config), args.lane)
    try:
        source: Camera = load_driver(camera.DRIVERS, lane.camera.driver)(lane.camera)
        _watch(source, lane.id, args)
    except DeviceError as error:
        print(f"lane {lane.id}: {error}", file=sys.stderr)
        return FOUND_WRONG
    except KeyboardInterrupt:
        return DONE
    return DONE


class Watch:
    """Reads one camera's pictures as a lane does: ``see`` each one, ``aim`` whenever a line is due."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._reader = LiveReader()
        self._number = 0
        self._newest: Frame | None = None
        self._seen: tuple[Frame, Code] | None = None

    def see(self, source: Camera) -> None:
        """:raises DeviceError: the camera is lost. :raises EndOfStream: it has played to its end."""
        image, position = source.grab()
        captured = self._clock()
        frame = Frame(image, self._number, captured, captured if position is None else position)
        self._number += 1
        self._newest = frame
        known = [code for code in self._reader.read(frame) if code.modules]
        if known:
            self._seen = (frame, known[-1])

    def aim(self) -> Aim | None:
        """None before the first picture."""
        newest, seen = self._newest, self._seen
        if newest is None:
            return None
        if seen is None or newest.captured - seen[0].captured > EVERY:
            return aim_of(newest.image)
        return aim_of(newest.image, (seen[0].image, seen[1]))


def _watch(source: Camera, lane: str, args: Namespace) -> None:
    source.open()
    try:
        for aim in _aims(source, Watch(), args.seconds):
            reach = _reach(aim, args)
            if args.json:
                print_json(report(lane, aim, reach))
            else:
                print(line(lane, aim, reach), flush=True)
    finally:
        source.close()


def _aims(source: Camera, watch: Watch, seconds: float | None) -> Iterator[Aim]:
    """One a second; of a recording that ends, its last picture as well."""
    began = time.monotonic()
    due = began + EVERY
    ended = False
    while not ended and (seconds is None or time.monotonic() - began < seconds):
        try:
            watch.see(source)
        except EndOfStream:
            ended = True
        if (ended or time.monotonic() >= due) and (aim := watch.aim()) is not None:
            due += EVERY
            yield aim


def _reach(aim: Aim, args: Namespace) -> tuple[Distance, ...]:
    """Empty where the distance was given and there is no code to measure by."""
    modules = aim.code.modules if aim.code else USUAL_MODULES
    if args.size is None:
        return distances(modules, focal_by_view(aim.width, args.view))
    if aim.code is None:
        return ()
    return distances(modules, focal_by_distance(aim.code.px_per_module, args.size, modules, args.distance * 1000))


def _lane(config: cfg.StationConfig, wanted: str | None) -> cfg.LaneConfig:
    for lane in config.lanes:
        if wanted in (None, lane.id):
            return lane
    known = ", ".join(lane.id for lane in config.lanes)
    raise CommandError(f"doctor --aim: there is no lane {wanted!r} in the configuration; there are: {known}")


def _angle(text: str) -> float:
    angle = _length(text)
    if angle > 170:
        raise ArgumentTypeError(f"{text} degrees: give an angle of view up to 170")
    return angle


def _length(text: str) -> float:
    try:
        length = float(text)
    except ValueError:
        length = 0
    if not 0 < length < 1e6:
        raise ArgumentTypeError(f"{text!r}: give a number above 0")
    return length
