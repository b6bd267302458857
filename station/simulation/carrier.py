"""Thousands of stations in one process: one loop reads for all of them and gives each its turn."""

import heapq
import selectors
import time
from collections.abc import Callable

from station.simulation.caller import Caller, Figures
from station.simulation.plan import Plan

TELL_SECONDS = 1.0
LONGEST_WAIT = 0.1
GATHER_SECONDS = 0.02  # for what comes and what is due: together it costs less, here and at the broker
SHORTEST_TURN = 0.05
MOST_TURNS = 50  # before the loop reads again; a broker lets a hundred connections wait to be accepted


class Carrier:
    def __init__(self, plan: Plan, indexes: range, url: str, made: float) -> None:
        """:param made: when the plan was made, by the monotonic clock: then its clocks stand at their beginning."""
        self._plan = plan
        self._selector = selectors.DefaultSelector()
        self._begun = made
        self.figures = Figures()
        self.callers = [Caller(plan, index, url, self._selector, self.figures, self.now) for index in indexes]
        self._due: list[tuple[float, int]] = []

    def prepare(self) -> None:
        """Live through the outage, so that everybody has a backlog to tell of."""
        for caller in self.callers:
            caller.voice.site.advance(0.0)

    def run(self, tell: Callable[[Figures], None], give_up: Callable[[], bool]) -> None:
        """Carry them until each has said everything and heard that it is stored, or until ``give_up``."""
        made, self._begun = self._begun, time.monotonic()
        for caller in self.callers:
            caller.voice.site.postpone(self._begun - made)  # to prepare took a while
        self._due = [(caller.chance.uniform(0, self._plan.ramp), place) for place, caller in enumerate(self.callers)]
        heapq.heapify(self._due)
        told = 0.0
        while not (give_up() or self._over()):
            self._exchange(self._due[0][0] - self.now())
            self._serve()
            if self.now() - told >= TELL_SECONDS:
                told = self.now()
                self._count()
                tell(self.figures)
        self._count()
        tell(self.figures)
        for caller in self.callers:
            caller.say_goodbye()

    def close(self) -> None:
        """After ``run``: let go of what connections the broker has not ended by now."""
        for caller in self.callers:
            caller.close()
        self._selector.close()

    def now(self) -> float:
        """Seconds of the run."""
        return time.monotonic() - self._begun

    def _over(self) -> bool:
        return self.now() > self._plan.seconds and all(caller.voice.site.settled for caller in self.callers)

    def _exchange(self, wait: float) -> None:
        if wait > 0:
            time.sleep(GATHER_SECONDS)
            wait -= GATHER_SECONDS
        for key, mask in self._selector.select(max(0.0, min(LONGEST_WAIT, wait))):
            key.data.exchange(bool(mask & selectors.EVENT_READ))

    def _serve(self) -> None:
        """Give some of those whose turn it is their turn. Turns keep their beat even if the loop is late."""
        for _ in range(MOST_TURNS):
            (due, place), now = self._due[0], self.now()
            if due > now:
                return
            pause = max(SHORTEST_TURN, self.callers[place].turn(now))
            heapq.heapreplace(self._due, (max(due + pause, now), place))

    def _count(self) -> None:
        sites = [caller.voice.site for caller in self.callers]
        self.figures.connected = sum(caller.up for caller in self.callers)
        self.figures.unacknowledged = sum(site.ledger.unacknowledged for site in sites)
        self.figures.unsettled = sum(not site.settled for site in sites)
        self.figures.behind = sum(site.behind for site in sites)
        self.figures.rows = sum(site.ledger.seq for site in sites)
        self.figures.late = max(0.0, self.now() - self._due[0][0])
