"""The processes that carry the stations: begun together, heard every second, and asked for the truth at the end."""

import multiprocessing
import multiprocessing.connection
import resource
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path

from station.domain.totals import KeyedTotal
from station.runtime import collect_garbage_seldom
from station.simulation import truth
from station.simulation.caller import Figures
from station.simulation.carrier import Carrier
from station.simulation.plan import Plan
from station.simulation.voice import Voice

FILES_BESIDE = 64  # open files that are not stations

# Never forked: a numerical library has its threads from its import on, and a child that is forked beside a thread may
# wait for ever for a lock that thread held. A child loads this module anew, in a third of a second.
_processes = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Heard:
    """What all of them told by one moment of the run, counted together."""

    at: float
    figures: Figures


@dataclass(frozen=True, slots=True)
class Ended:
    """``waits``: seconds from a segment's first sending to the hub's acknowledgement, in order."""

    settled: bool
    waits: list[float]
    passages: int


class Crew:
    """``run`` carries the plan's stations in ``processes``; ``truth`` then says what the hub has to have. To be made
    right after the plan."""

    def __init__(self, plan: Plan, url: str, processes: int, folder: Path) -> None:
        self._plan, self._made, self._url, self._folder = plan, time.monotonic(), url, folder
        share = -(-plan.stations // processes)
        self._parts = [range(at, min(at + share, plan.stations)) for at in range(0, plan.stations, share)]

    def run(self, seconds: float, tell: Callable[[Heard], None]) -> Ended:
        """:param seconds: after which they give up, settled or not.

        :raises OSError: the system allows fewer open files than a process has stations.
        """
        _allow_files(len(self._parts[0]) + FILES_BESIDE)
        enough = _processes.Event()
        start = _processes.Barrier(len(self._parts) + 1)
        pipes, workers = [], []
        for number, part in enumerate(self._parts):
            ours, theirs = _processes.Pipe(duplex=False)
            worker = _processes.Process(
                target=_carry,
                args=(self._plan, self._made, part, self._url, start, enough, theirs, self._file(number)),
                daemon=True,
            )
            worker.start()
            theirs.close()
            pipes.append(ours)
            workers.append(worker)
        start.wait()
        waits, passages, last = self._hear(pipes, enough, seconds, tell)
        for worker in workers:
            worker.join()
        return Ended(last.unsettled == 0, sorted(waits), passages)

    def truth(self) -> Iterator[KeyedTotal]:
        for number in range(len(self._parts)):
            yield from truth.read(self._file(number))

    def _file(self, number: int) -> Path:
        return self._folder / f"truth-{number}.jsonl"

    def _hear(
        self, pipes: list[Connection], enough: Event, seconds: float, tell: Callable[[Heard], None]
    ) -> tuple[list[float], int, Figures]:
        begun, told = time.monotonic(), 0.0
        newest = {pipe: Figures() for pipe in pipes}
        waits: list[float] = []
        passages = 0
        open_pipes = list(pipes)
        while open_pipes:
            for pipe in multiprocessing.connection.wait(open_pipes, timeout=1.0):
                assert isinstance(pipe, Connection)
                try:
                    said = pipe.recv()
                except EOFError:
                    open_pipes.remove(pipe)
                    continue
                if isinstance(said, Figures):
                    newest[pipe] = said
                else:
                    waits += said[0]
                    passages += said[1]
            at = time.monotonic() - begun
            if at - told >= 1.0:
                told = at
                tell(Heard(at, together(newest.values())))
            if at > seconds:
                enough.set()
        tell(Heard(time.monotonic() - begun, last := together(newest.values())))
        return waits, passages, last


def together(parts: Iterable[Figures]) -> Figures:
    """Counts added up; the latest loop and some fault stand for all."""
    total = Figures()
    for part in parts:
        for name in ("connected", "births", "lives", "segments", "rows", "unacknowledged", "unsettled", "behind"):
            setattr(total, name, getattr(total, name) + getattr(part, name))
        total.late = max(total.late, part.late)
        total.fault = part.fault or total.fault
    return total


def _carry(
    plan: Plan, made: float, part: range, url: str, start: Barrier, enough: Event, pipe: Connection, file: Path
) -> None:
    """A child's whole life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says when it is enough
    with closing(Carrier(plan, part, url, made)) as carrier:
        carrier.prepare()
        with collect_garbage_seldom():
            start.wait()
            carrier.run(pipe.send, enough.is_set)
        voices = [caller.voice for caller in carrier.callers]
        passages = truth.write(file, (row for voice in voices for row in rows_of(voice)))
        pipe.send(([wait for voice in voices for wait in voice.waits], passages))
    pipe.close()


def rows_of(voice: Voice) -> Iterator[KeyedTotal]:
    for key, total in voice.site.truth().items():
        yield KeyedTotal(voice.name, *key, total.passages, total.vehicles, total.persons)


def _allow_files(wanted: int) -> None:
    """Here and in the processes begun from here. :raises OSError: the system allows fewer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        if hard != resource.RLIM_INFINITY and hard < wanted:
            raise OSError(f"{wanted} open files are needed and {hard} allowed; raise ulimit -n or give --processes")
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
