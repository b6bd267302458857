"""``scripts/soak hostile [SECONDS] [SEED]``: exit code 0 where nothing ended, nothing differs and nothing grew."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from dead_network import DeadNetwork, missing

from hostile.run import run
from station.commands import DONE, FOUND_WRONG
from station.commands.output import print_json

USAGE = "usage: scripts/soak hostile [SECONDS [SEED]]"
BAD_USAGE = 2
HOURS_12, SHORTEST_S = 12 * 3600, 10
NETWORK = "HOSTILE_NETWORK"
"""Set where this runs inside a network namespace of its own already; empty where there can be none."""


def main(arguments: list[str]) -> int:
    if len(arguments) > 2 or not all(one.isascii() and one.isdigit() for one in arguments):
        print(USAGE, file=sys.stderr)
        return BAD_USAGE
    seconds, seed = [*map(int, arguments), *(HOURS_12, 1)[len(arguments) :]]
    if seconds < SHORTEST_S:
        print(f"{USAGE}; SECONDS is {SHORTEST_S} at the least", file=sys.stderr)
        return BAD_USAGE
    if NETWORK not in os.environ:
        return _in_network_of_its_own([str(seconds), str(seed)])
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        summary = run(Path(folder), seconds, seed, in_namespace=bool(os.environ[NETWORK]))
    print_json(summary)
    return DONE if summary["passed"] else FOUND_WRONG


def _in_network_of_its_own(arguments: list[str]) -> int:
    """So that name servers can be changed, and nothing gets out. Without one the turn of name servers is left out."""
    again = [sys.executable, "-m", "hostile", *arguments]
    if reason := missing():
        print(f"without a network namespace: {reason}", flush=True)
        return _passed_on(again, "")
    network = DeadNetwork()
    try:
        return _passed_on([*network.prefix, *again], network.name)
    finally:
        network.remove()


def _passed_on(command: list[str], network: str) -> int:
    with subprocess.Popen(command, env=os.environ | {NETWORK: network}) as inside:
        signal.signal(signal.SIGTERM, lambda *_: inside.terminate())
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal tells the one inside as well
        return inside.wait()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that nothing it started outlives it
    sys.exit(main(sys.argv[1:]))
