"""``station simulate --schedules N``: a broker and a hub of its own for each schedule of faults; both are really
killed, the disk is really full, and in the end the hub's store holds the ground truth or it is said what differs."""

import multiprocessing
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from station.clock import utc_now
from station.commands import DONE, FOUND_WRONG
from station.commands.output import print_json
from station.commands.simulate_compare import beside_store
from station.commands.simulate_machine import Machine
from station.hub.sqlite import SqliteFile
from station.simulation.crew import Crew, Heard
from station.simulation.schedule import SETTLE_SECONDS, blows, plan_of

MOST_SHOWN = 20
# Never forked: what is loaded by now has threads of its own.
_processes = multiprocessing.get_context("spawn")


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
        self._machine.keep_up()


def run_schedules(first: int, count: int, at_once: int) -> int:
    """Each from its own seed, ``at_once`` of them side by side; a line for each in order, and a summary.

    :return: the command's exit code.
    """
    wrong, begun, passages = [], time.monotonic(), 0
    with ProcessPoolExecutor(at_once, _processes) as players:
        for line in players.map(run_schedule, range(first, first + count)):
            passages += line["passages"]
            if line["differences"] or not line["settled"]:
                wrong.append(line["seed"])
            print_json(line)
    took = round(time.monotonic() - begun)
    print_json({"summary": {"schedules": count, "wrong_seeds": wrong, "passages": passages, "seconds": took}})
    return FOUND_WRONG if wrong else DONE


def run_schedule(seed: int) -> dict[str, Any]:
    """What became of one schedule; the first differences are told on stderr."""
    with tempfile.TemporaryDirectory(prefix="station-soak-") as name, ExitStack() as running:
        folder = Path(name)
        machine = Machine(folder, running)
        plan = plan_of(seed, utc_now())
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
