"""``python station_with_faults.py CONFIG FAULT...``: ``station run`` with faults built into its parts.

``lane``: what works the gate has a bug (a driver's would be a fault of the gate), so that a lane's thread dies while
    the touchscreen waits for its answer.
``worker``: one more worker, which dies once there is a file named ``die`` beside the configuration.
``stuck``: one more worker, in a call that does not come back.
"""

import sys
import threading
from pathlib import Path

from station.__main__ import main
from station.bootstrap import Station
from station.commands import run
from station.devices.gate.minded import MindedGate
from station.domain.decision import Outcome

CONFIG, FAULTS = Path(sys.argv[1]), sys.argv[2:]


class Broken(Exception):
    """A mistake of a program: nothing that a worker knows how to go on from."""


class FaultyStation(Station):
    def start(self) -> None:
        super().start()
        if "worker" in FAULTS:
            self.workers.start("dying", self._die_when_told)
        if "stuck" in FAULTS:
            self.workers.start("stuck", threading.Event().wait)

    def _die_when_told(self) -> None:
        if (CONFIG.parent / "die").exists():
            raise Broken("a worker died")
        self.workers.wait(0.1)


def _broken(gate: MindedGate, outcome: Outcome) -> None:
    if outcome is Outcome.DENIED:
        raise Broken("the lane has a bug")


if "lane" in FAULTS:
    MindedGate.show = _broken  # type: ignore[assignment]
run.Station = FaultyStation  # type: ignore[misc]
sys.exit(main(["run", "--config", str(CONFIG)]))
