"""Home Assistant is told of the stations that are chosen, and no longer of those that are not: retained at the broker.

What was told is remembered in a file, so that a hub where this was switched off or has another prefix takes it back.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from station.config import HomeAssistantSection
from station.disk import write_whole
from station.domain.levels import SEPARATOR
from station.hub.database import StoreUnreadable
from station.hub.home_assistant import discovery, discovery_topic
from station.hub.roster import StationRow
from station.version import SOFTWARE

log = logging.getLogger(__name__)

FILE = "home-assistant.topics"
LOOK_SECONDS = 30.0
_TAKEN_BACK = b""  # an empty retained message is none


class Wire(Protocol):
    """The connection that the hub's lists and orders share."""

    @property
    def connected(self) -> bool: ...

    def publish(self, topic: str, message: bytes) -> None: ...


class HomeAssistantPublisher:
    """``step`` looks twice a minute. On each new connection all is said again: the broker may have lost it."""

    def __init__(
        self,
        section: HomeAssistantSection,
        district: str,
        stations: Callable[[], Sequence[StationRow]],
        wire: Wire,
        data_dir: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._section, self._district, self._stations = section, district, stations
        self._wire, self._clock = wire, clock
        self._file = data_dir / FILE
        self.fault = ""
        self._told = self._told_before()
        self._said: dict[str, bytes] = {}
        self._look_at = float("-inf")

    def _told_before(self) -> set[str]:
        """Of a file that is damaged nothing is believed: what it named is told again."""
        try:
            topics = self._file.read_text(encoding="utf-8").split()
        except FileNotFoundError:
            return set()
        except (OSError, UnicodeDecodeError) as error:
            log.warning("%s cannot be read (%s): topics in it are not taken back", self._file, error)
            return set()
        return {topic for topic in topics if topic.isprintable() and not set("+#") & set(topic)}

    def step(self) -> None:
        if not self._wire.connected:
            self._said, self._look_at = {}, float("-inf")
            return
        if self._clock() < self._look_at or not (self._section.prefix or self._told):
            return
        self._look_at = self._clock() + LOOK_SECONDS
        try:
            self._tell(dict(self._wanted()))
        except StoreUnreadable as error:
            self.fault = str(error)
        except OSError as error:
            self.fault = f"{self._file}: {error.strerror}; Home Assistant is told once it can be written"
        else:
            self.fault = ""

    def _wanted(self) -> Iterator[tuple[str, bytes]]:
        if not self._section.prefix:
            return
        for station in self._stations():
            if self._chosen(station) and station.lanes:
                topic = discovery_topic(self._section.prefix, self._district, station.id)
                yield topic, discovery(self._district, station, SOFTWARE)

    def _tell(self, wanted: dict[str, bytes]) -> None:
        """The file first: what was told can then be taken back whatever happens.

        :raises OSError: the file cannot be written; nothing was told.
        """
        gone = self._told - wanted.keys()
        taken_back = {topic for topic in gone if self._said.get(topic) == _TAKEN_BACK}  # at the last look, or before
        if taken_back or wanted.keys() - self._told:
            self._remember(self._told - taken_back | wanted.keys())
        for topic, message in (*wanted.items(), *((topic, _TAKEN_BACK) for topic in gone)):
            if self._said.get(topic) != message:
                self._wire.publish(topic, message)
                self._said[topic] = message

    def _remember(self, topics: set[str]) -> None:
        write_whole(self._file, "".join(f"{topic}\n" for topic in sorted(topics)).encode())
        self._told = topics

    def _chosen(self, station: StationRow) -> bool:
        path = f"{SEPARATOR.join(station.levels)}{SEPARATOR}"
        return station.id in self._section.stations or any(
            path.startswith(f"{level}{SEPARATOR}") for level in self._section.levels
        )
