"""A district for tests: a hub's and a station's configuration, keys, and both running in this process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from made import a_pass
from waiting import until

from station.__main__ import main
from station.bootstrap import Hub, Station
from station.clock import utc_now
from station.config import load_hub, load_station
from station.domain.passes import Pass
from station.domain.reasons import Reason
from station.domain.scan import Code, Scan
from station.outbox.uplink import UplinkState
from station.passes import cp1
from station.passes.keys import load_signing_key

STATION = "g107-bridge-north"
CORNERS = ((0, 0), (9, 0), (9, 9), (0, 9))


class Site:
    """``command`` runs the command line as the hub's user would; everything lies in ``folder``."""

    def __init__(self, folder: Path, broker: str) -> None:
        self.folder = folder
        self.hub_toml, self.station_toml = folder / "hub.toml", folder / "station.toml"
        self.command("keys", "new", str(folder / "district.key"))
        self.command("keys", "new", "--for", "lists", str(folder / "list.key"))
        (folder / "trust").mkdir()
        (folder / "district.pub").rename(folder / "trust" / "district.pub")
        self.hub_toml.write_text(_HUB.format(folder=folder, broker=broker))
        self.station_toml.write_text(_STATION.format(folder=folder, broker=broker, station=STATION))
        cv2.imwrite(str(folder / "road.png"), np.zeros((48, 64), np.uint8))

    def command(self, *arguments: str) -> int:
        return main(list(arguments))

    def lists(self, action: str, *arguments: str) -> int:
        return self.command("list", action, *arguments, "--config", str(self.hub_toml))

    def revoke(self, *arguments: str) -> int:
        return self.command("pass", "revoke", *arguments, "--config", str(self.hub_toml))

    def table(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)

    def issue(self, key: str = "district.key", **changes: object) -> tuple[str, str]:
        """A pass of today with everything on it. :return: its id and its text."""
        now = utc_now()
        new: Pass = a_pass(
            issued_at=now, not_before=now - timedelta(hours=1), expires=now + timedelta(hours=8), **changes
        )
        return new.id, cp1.issue(new, load_signing_key(self.folder / key))

    @contextmanager
    def hub(self) -> Iterator[Hub]:
        hub = Hub(load_hub(self.hub_toml))
        hub.start()
        try:
            until(lambda: hub.health()[0], what=f"the hub: {hub.health()}")
            yield hub
        finally:
            assert hub.close() == []
        assert hub.workers.failure is None

    @contextmanager
    def station(self) -> Iterator["RunningStation"]:
        station = Station(load_station(self.station_toml))
        station.start()
        try:
            yield RunningStation(station)
        finally:
            assert station.close() == []
        assert station.workers.failure is None


class RunningStation:
    """A whole station; a test shows its lane what a camera would have read."""

    def __init__(self, station: Station) -> None:
        self.station = station

    def show(self, text: str) -> tuple[Reason, ...]:
        """Reasons of what the lane decides about a code."""
        code = Code(text.encode(), text, "QRCode", CORNERS, "test")
        ledger = self.station.ledger
        before = ledger.head
        self.station.lanes["1"].lane.inbox.put(Scan("1", code, 0, self.station.clock.now()))
        until(lambda: ledger.head > before, what="the passage")
        row = ledger.last("1")
        assert row is not None
        return row.entry.reasons

    def connected(self) -> "RunningStation":
        uplink = self.station.uplink
        assert uplink is not None
        until(lambda: uplink.state is UplinkState.CONNECTED, 40, what=f"the uplink: {uplink.fault}")
        return self

    def complains(self, why: str) -> None:
        """Wait until the screen says so of the lists, or of the uplink."""
        until(lambda: why in self._faults(), what=f"{why!r} in {self._faults()!r}")

    def _faults(self) -> str:
        uplink = self.station.uplink
        assert uplink is not None
        return f"{self.station.lists.fault} {uplink.fault}"

    def screen(self) -> dict[str, Any]:
        found: dict[str, Any] = self.station.feed.changes(0, 0)[1].get("station", {"lists": (), "lists_fault": ""})
        return found

    def holds(self, name: str, condition: Callable[[int], bool] = bool) -> None:
        """Wait until the station holds a version of a list."""
        until(
            lambda: condition(self.station.lists.versions().get(name, 0)),
            what=f"{name}; held {self.station.lists.versions()}, fault {self.station.lists.fault}",
        )


_HUB = """
[hub]
district = "pingyuan"
data_dir = "{folder}/hub"
[broker]
url = "{broker}"
[signing]
key = "{folder}/district.key"
list_key = "{folder}/list.key"
"""
_STATION = """
[station]
id = "{station}"
name = "bridge"
district = "pingyuan"
levels = ["pingyuan"]
data_dir = "{folder}/station"
trust_dir = "{folder}/trust"
list_key = "{folder}/list.key"
clock = "always"
[[lanes]]
id = "1"
mode = "automatic"
camera = {{ driver = "file", path = "{folder}/road.png", loop = true }}
[uplink]
url = "{broker}"
"""
