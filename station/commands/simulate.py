"""``station simulate``: many stations' real messages against a broker, and the ground truth to compare a hub with."""

import math
import re
import sys
import tempfile
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from station.clock import utc_now
from station.commands import DONE, FOUND_WRONG, CommandError, Screens
from station.commands.output import print_json
from station.commands.simulate_compare import check, differences_at, live_ages
from station.commands.simulate_progress import Progress
from station.commands.simulate_schedules import MOST_SHOWN, run_schedules
from station.simulation import truth
from station.simulation.crew import Crew
from station.simulation.plan import Fault, Plan

EXAMPLE = "station simulate --stations 200 --for 30 --compare http://127.0.0.1:8090"
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("--broker", default="mqtt://127.0.0.1:1883", metavar="URL", help="where they connect to")
    parser.add_argument("--district", default="pingyuan", help="the hub's district (pingyuan)")
    many = parser.add_mutually_exclusive_group(required=True)
    many.add_argument("--stations", type=_number, metavar="N", help="how many stations")
    many.add_argument("--schedules", type=_number, metavar="N", help="N schedules of faults instead, a hub for each")
    parser.add_argument("--lanes", type=_number, default=4, metavar="N", help="lanes of each (4)")
    parser.add_argument("--for", dest="seconds", type=_duration, default=30.0, metavar="TIME", help="traffic for (30s)")
    parser.add_argument("--every", type=_duration, default=2.0, metavar="TIME", help="a station's passages apart (2s)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other passages and faults")
    parser.add_argument("--faults", type=_faults, default=frozenset(), metavar="LIST", help=_FAULTS_HELP)
    parser.add_argument("--outage", type=_duration, default=0.0, metavar="TIME", help="passages of so long wait unsent")
    parser.add_argument("--pace", type=float, default=1.0, metavar="X", help="their clocks go X times as fast")
    parser.add_argument("--ramp", type=_duration, default=10.0, metavar="TIME", help="they connect within (10s)")
    parser.add_argument("--settle", type=_duration, default=120.0, metavar="TIME", help="wait for acknowledgement (2m)")
    parser.add_argument("--processes", type=_number, default=1, metavar="N", help="processes that carry them (1)")
    parser.add_argument("--timezone", default="Asia/Shanghai", help="their time zone (Asia/Shanghai)")
    parser.add_argument("--truth", type=Path, metavar="FILE", help="write the ground truth there, as JSON Lines")
    parser.add_argument(
        "--ages", metavar="HUB", help="a hub's address: say how old its live frames were; else --compare"
    )
    parser.add_argument("--compare", metavar="HUB", help="a hub's address, hub.sqlite3 or store.url: say what differs")


_FAULTS_HELP = f"all, or some of {','.join(Fault)}"


def execute(args: Namespace, screens: Screens) -> int:
    del screens
    if args.schedules:
        return run_schedules(args.seed, args.schedules, args.processes)
    if not re.fullmatch(r"mqtt://[^/]+", args.broker):
        raise CommandError(f"--broker {args.broker}: give mqtt://HOST:PORT; simulated stations have no certificates")
    if args.compare:
        check(args.compare)
    plan = _plan(args)
    with tempfile.TemporaryDirectory(prefix="station-simulate-") as folder:
        crew = Crew(plan, args.broker, args.processes, Path(folder))
        progress = Progress(plan.stations, plan.seconds, lambda: live_ages(args.ages or args.compare or ""))
        try:
            ended = crew.run(plan.seconds + args.settle, progress.tell)
        except OSError as error:
            raise CommandError(f"--stations {args.stations}: {error}") from None
        if args.truth:
            truth.write(args.truth, crew.truth())
        found = differences_at(args.compare, plan, crew.truth()) if args.compare else []
    summary = progress.summary(ended)
    if args.compare:
        summary["differences"] = len(found)
    print_json({"summary": summary})
    for difference in found[:MOST_SHOWN]:
        print(difference, file=sys.stderr)
    if len(found) > MOST_SHOWN:
        print(f"and {len(found) - MOST_SHOWN} more", file=sys.stderr)
    return DONE if ended.settled and not found else FOUND_WRONG


def _plan(args: Namespace) -> Plan:
    """The stations' clocks end at the present, however fast they go."""
    ahead = timedelta(seconds=(args.seconds * (args.pace - 1)) if args.pace > 1 else 0)
    return Plan(
        district=args.district,
        stations=args.stations,
        lanes=args.lanes,
        seed=args.seed,
        every=args.every,
        seconds=args.seconds,
        begin=utc_now() - ahead,
        zone=ZoneInfo(args.timezone),
        outage=args.outage,
        pace=args.pace,
        faults=args.faults,
        ramp=args.ramp,
    )


def _number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ArgumentTypeError("give a number above 0")
    return number


def _duration(text: str) -> float:
    match = re.fullmatch(r"([0-9.]+)([smh]?)", text)
    seconds = float(match[1]) * _UNITS[match[2]] if match else math.nan
    if not seconds >= 0:
        raise ArgumentTypeError(f"{text!r} is no time; give 90, 90s, 15m or 8h")
    return seconds


def _faults(text: str) -> frozenset[Fault]:
    names = list(Fault) if text == "all" else text.split(",")
    unknown = [name for name in names if name not in set(Fault)]
    if unknown:
        raise ArgumentTypeError(f"{unknown[0]!r} is no fault; {_FAULTS_HELP}")
    return frozenset(map(Fault, names))
