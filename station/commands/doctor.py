"""``station doctor``: what is there, what is wrong, what to do."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from station import config as cfg
from station.commands import DONE, FOUND_WRONG, Screens, aim
from station.commands.doctor_check import Check
from station.commands.doctor_files import look_at_files
from station.commands.doctor_keys import look_at_keys, look_at_roles
from station.commands.doctor_lanes import look_at_lane, look_for_cameras
from station.commands.doctor_ledger import look_at_ledger
from station.commands.doctor_lists import look_at_lists
from station.commands.doctor_machine import look_at_clock, look_at_machine
from station.commands.doctor_place import look_at_place
from station.commands.doctor_root import look_at_root
from station.commands.doctor_storage import look_at_storage
from station.commands.doctor_supervisor import look_at_supervisor
from station.commands.doctor_uplink import look_at_uplink
from station.commands.output import print_json
from station.version import SOFTWARE

EXAMPLE = "station doctor --config /etc/station/station.toml"


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
    checks = list(_checks(config))
    if args.json:
        print_json({"software": SOFTWARE, "checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            print(_line(check), flush=True)
    return FOUND_WRONG if any(check.ok is False for check in checks) else DONE


def _line(check: Check) -> str:
    mark = {True: "ok     ", False: "WRONG  ", None: "-      "}[check.ok]
    return f"{mark}{check.name}: {check.found}" + (f"; {check.remedy}" if check.remedy else "")


def _checks(config: cfg.StationConfig | None) -> Iterator[Check]:
    yield from look_at_machine()
    yield look_at_root()
    if config is None or config.station.clock == "kernel":
        yield look_at_clock()
    if config is None:
        yield look_for_cameras()
        return
    yield from look_at_storage(Path(config.station.data_dir))
    yield from look_at_ledger(Path(config.station.data_dir))
    yield look_at_place(config)
    yield look_at_keys(config.station)
    yield from look_at_roles(config.station)
    yield from look_at_files(Path(config.station.data_dir))
    yield from look_at_lists(config.station)
    for lane in config.lanes:
        yield from look_at_lane(lane)
    if config.uplink is not None:
        yield from look_at_uplink(config.uplink, config.station.id)
    if config.supervisor.listen:
        yield look_at_supervisor(config.supervisor)
