"""Watches the processes while they are attacked."""

import http.client
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from hostile.programs import Program, Usage, usage_of

INTERVAL_S = 1.0
HEALTH_TIMEOUT_S = 5.0


class Monitor:
    """:param ports: whose ``/healthz`` is asked, by the program's name. It answers in time, well or not."""

    def __init__(self, programs: Sequence[Program], ports: Mapping[str, int]) -> None:
        self._programs, self._ports = programs, ports
        self.ended: dict[str, int] = {}
        self.late_health: Counter[str] = Counter()
        self.slowest_health_s: dict[str, float] = defaultdict(float)
        self.usages: dict[str, list[Usage]] = defaultdict(list)
        self.during = ""  # the turn that is played
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        self.during = name
        try:
            yield
        finally:
            self.during = ""

    def _watch(self) -> None:
        while not self._stopped.wait(INTERVAL_S):
            for program in self._programs:
                self._look(program)
            for name, port in self._ports.items():
                if name not in self.ended:
                    self._ask_health(name, port)

    def _look(self, program: Program) -> None:
        code = program.process.poll()
        if code is None and (usage := usage_of(program.process.pid)):
            self.usages[program.name].append(usage)
        elif code is not None and program.name not in self.ended:
            self.ended[program.name] = code
            print(f"ENDED: {program.name} with {code} during {self.during or 'no turn'}; see {program.log}", flush=True)

    def _ask_health(self, name: str, port: int) -> None:
        began = time.monotonic()
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HEALTH_TIMEOUT_S)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            connection.close()
        except (OSError, http.client.HTTPException) as error:
            self.late_health[name] += 1
            print(f"LATE: /healthz of the {name} during {self.during or 'no turn'}: {error!r}", flush=True)
        self.slowest_health_s[name] = max(self.slowest_health_s[name], time.monotonic() - began)

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(2 * HEALTH_TIMEOUT_S)
