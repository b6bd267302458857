"""``station simulate --schedules N``: a broker and a hub of its own for each schedule of faults; both are really
killed, the disk is really full, and in the end the hub's store holds the ground truth or it is said what differs."""

import resource
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from station.commands import DONE, FOUND_WRONG
from station.commands.output import print_json
from station.commands.processes import Child, broker_child, free_port, start_station_program
from station.commands.simulate_compare import beside_store
from station.hub.sqlite import SqliteFile
from station.simulation.crew import Crew, Heard
from station.simulation.schedule import SETTLE_SECONDS, Blow, blows, plan_of

MOST_SHOWN = 20
_NO_ROOM = 4096  # bytes a file of the hub may have while its disk is full: its logs fit, its store does not
_HUB_TOML = """[hub]
district = "pingyuan"
data_dir = "{folder}/hub"

[broker]
url = "{broker}"

[web]
listen = "127.0.0.1:{port}"
"""


class Machine:
    """The district's machine: broker and hub as processes, and what is done to them."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        self.store = folder / "hub" / "hub.sqlite3"
        self.url, self._broker = broker_child(folder, running)
        toml = folder / "hub.toml"
        toml.write_text(_HUB_TOML.format(folder=folder, broker=self.url, port=free_port()))
        self._hub = start_station_program("hub", folder, running, "hub", "run", "--config", str(toml))

    def strike(self, blow: Blow) -> None:
        match blow:
            case Blow.KILL_HUB:
                self._hub.kill()
            case Blow.KILL_BROKER:
                self._broker.kill()
            case Blow.FULL_DISK:
                self._allow(_NO_ROOM)

    def mend(self, blow: Blow) -> None:
        match blow:
            case Blow.KILL_HUB:
                _start_again(self._hub)
            case Blow.KILL_BROKER:
                _start_again(self._broker)
            case Blow.FULL_DISK:
                self._allow(resource.RLIM_INFINITY)

    def _allow(self, size: int) -> None:
        """How long a file the hub may write: a disk that is full for it alone."""
        if self._hub.alive:
            resource.prlimit(self._hub.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


class Fate:
    """Strikes and mends when it is time. Told of the run every second, it is as exact as that."""

    def __init__(self, machine: Machine, seed: int) -> None:
        self._machine = machine
        struck = blows(seed)
        self._due = sorted(
            [(one.at, number, machine.strike, one.blow) for number, one in enumerate(struck)]
            + [(one.over, number, machine.mend, one.blow) for number, one in enumerate(struck)],
            key=lambda due: due[:2],
        )

    def tell(self, heard: Heard) -> None:
        while self._due and self._due[0][0] <= heard.at:
            _, _, act, blow = self._due.pop(0)
            act(blow)


def run_schedules(first: int, count: int) -> int:
    """One after another, each from its own seed; a line for each, and a summary.

    :return: the command's exit code.
    """
    wrong, begun, passages = [], time.monotonic(), 0
    for seed in range(first, first + count):
        line = run_schedule(seed)
        passages += line["passages"]
        if line["differences"] or not line["settled"]:
            wrong.append(seed)
        print_json(line)
    took = round(time.monotonic() - begun)
    print_json({"summary": {"schedules": count, "wrong_seeds": wrong, "passages": passages, "seconds": took}})
    return FOUND_WRONG if wrong else DONE


def run_schedule(seed: int) -> dict[str, Any]:
    """What became of one schedule; the first differences are told on stderr."""
    with tempfile.TemporaryDirectory(prefix="station-soak-") as name, ExitStack() as running:
        folder = Path(name)
        machine = Machine(folder, running)
        plan = plan_of(seed)
        crew = Crew(plan, machine.url, 1, folder)
        ended = crew.run(plan.seconds + SETTLE_SECONDS, Fate(machine, seed).tell)
        found = beside_store(SqliteFile(machine.store), crew.truth())
    for difference in found[:MOST_SHOWN]:
        print(f"seed {seed}: {difference}", file=sys.stderr)
    return {
        "seed": seed,
        "blows": [one.blow.value for one in blows(seed)],
        "passages": ended.passages,
        "settled": ended.settled,
        "differences": len(found),
    }


def _start_again(child: Child) -> None:
    if not child.alive:
        child.start()
