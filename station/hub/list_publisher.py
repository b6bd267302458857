"""From the hub's folder of lists to the broker: what differs is published, retained, and nothing else is sent."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from station.hub.list_files import ListFiles
from station.hub.list_wire import Retained
from station.messages import ALL, Down
from station.passes.list_versions import is_beyond
from station.passes.signed_lists import ListError, Place, claimed_version

WAIT_SECONDS = 0.2
LOOK_SECONDS = 0.5
QUIET_SECONDS = 1.0  # after the last retained list, the broker has said all it keeps
ECHO_SECONDS = 30.0


class Wire(Protocol):
    """The connection to the broker, and what it keeps."""

    fault: str
    quiet_since: float | None
    retained: dict[str, Retained]

    def step(self, wait: float) -> None: ...

    def publish(self, topic: str, message: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class _Looked:
    """A file as it was last read, so that one that did not change is not read again."""

    stamp: tuple[int, int, int]
    said: Retained


class ListPublisher:
    """``step`` looks at the folder twice a second. Starting again costs nothing: the broker keeps what was said."""

    def __init__(
        self,
        files: ListFiles,
        wire: Wire,
        district: str,
        clock: Callable[[], float] = time.monotonic,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._now = now
        self._files, self._wire, self._district, self._clock = files, wire, district, clock
        self._looked: dict[Place, _Looked] = {}
        self._sent: dict[str, tuple[bytes, float]] = {}
        self._faults: dict[Place, str] = {}
        self._look_at = float("-inf")

    @property
    def fault(self) -> str:
        """Why a list is not at the broker; empty when all are."""
        return self._wire.fault or "; ".join(self._faults.values())

    @property
    def versions(self) -> dict[str, int]:
        """The newest of each list, named as stations name what they hold: ``<station>/<name>`` for one of its own."""
        return {
            place.name.value if place.station == ALL else f"{place.station}/{place.name}": looked.said.version
            for place, looked in list(self._looked.items())
        }

    def step(self) -> None:
        self._wire.step(WAIT_SECONDS)
        quiet, now = self._wire.quiet_since, self._clock()
        if quiet is None:
            self._sent.clear()
        elif now - quiet >= QUIET_SECONDS and now - self._look_at >= LOOK_SECONDS:
            self._look_at = now
            for place in self._files.places():
                self._tend(place)

    def _tend(self, place: Place) -> None:
        """Publish a list that the broker lacks. A newer one there stays: stations would refuse to go back. One with a
        version that no hub gives yet does not: stations refuse that one."""
        path, topic = self._files.path(place), Down(self._district, place.station)(f"list/{place.name}")
        try:
            looked = self._look(place)
        except (OSError, ListError) as error:
            self._faults[place] = f"{path}: {error}"
            return
        self._faults.pop(place, None)
        kept = self._wire.retained.get(topic, Retained(b"", 0))
        if kept.fingerprint == looked.fingerprint:
            self._sent.pop(topic, None)  # whoever overwrites it is overwritten at once
            return
        if kept.version >= looked.version and not is_beyond(kept.version, self._now()):
            self._faults[place] = f"{path}: the broker keeps version {kept.version}; renew it with 'station list renew'"
            return
        fingerprint, at = self._sent.get(topic, (b"", 0.0))
        if fingerprint != looked.fingerprint:
            self._wire.publish(topic, path.read_bytes())
            self._sent[topic] = looked.fingerprint, self._clock()
        elif self._clock() - at >= ECHO_SECONDS:
            # Never again on this connection: each time would be a long message to every station.
            self._faults[place] = f"{path}: the broker does not say it back; let the hub read {topic} (access rules)"

    def _look(self, place: Place) -> Retained:
        """:raises OSError: it cannot be read. :raises ListError: it is no list."""
        path = self._files.path(place)
        status = path.stat()
        stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
        known = self._looked.get(place)
        if known is None or known.stamp != stamp:
            message = path.read_bytes()
            said = Retained(hashlib.sha256(message).digest(), claimed_version(message))
            known = self._looked[place] = _Looked(stamp, said)
        return known.said
