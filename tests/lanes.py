"""A lane on real parts (ledger, feed) with a clock and devices that a test drives."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from certificates import a_dsc, key_set
from made import KEY, NOON

from station.config import SimulatedGateConfig
from station.devices import DeviceError
from station.devices.gate.simulated import SimulatedGate
from station.domain.commands import Command
from station.domain.crossings import SensorLost, Sighting
from station.domain.lane import LaneSettings
from station.domain.lists import ListHit, ListHits
from station.domain.moment import Moment
from station.domain.origin import OriginClasses
from station.domain.panel import PanelChange
from station.domain.passes import Pass
from station.domain.reasons import Reason
from station.domain.reconciliation import Limits
from station.domain.scan import Code, Scan
from station.domain.situation import LaneKind, Mode, Policy
from station.domain.view import CameraView, PassageView
from station.feed import Feed
from station.lane import Eyes, Lane
from station.ledger import Ledger, Segments, Stretch
from station.passes import TrustList, cp1
from station.passes.trust import parse_keys

ZONE = ZoneInfo("Asia/Shanghai")
TRUST_OF_ALL = TrustList([KEY.public_key(), *parse_keys(a_dsc(), "signer"), *parse_keys(key_set(), "issuer")])
CORNERS = ((0, 0), (9, 0), (9, 9), (0, 9))


@dataclass
class HandClock:
    """A clock a test moves by hand."""

    seconds: float = 0.0
    trusted: bool = True
    boot: str = "boot0001"
    wall_offset: float = 0.0

    def now(self) -> Moment:
        wall = NOON + timedelta(seconds=self.seconds + self.wall_offset)
        return Moment(wall, self.trusted, self.boot, 1000.0 + self.seconds)


class Sensor:
    """A thermometer that reads what the test says, or is lost."""

    def __init__(self, celsius: float | None) -> None:
        self.celsius = celsius

    def read(self) -> float:
        if self.celsius is None:
            raise DeviceError("thermometer unplugged")
        return self.celsius

    def close(self) -> None:
        pass


@dataclass
class LaneRig:
    """``scan`` presents a pass or a text to lane ``lane`` and gives the row that came of it."""

    folder: Path
    mode: Mode = Mode.AUTOMATIC
    lane_id: str = "1"
    kind: LaneKind = LaneKind.VEHICLE
    sensor: Sensor | None = None
    clock: HandClock = field(default_factory=HandClock)
    ledger: Ledger | None = None
    grids: tuple[str, ...] = ()
    listed: ListHits | None = None
    limits: Limits | None = None
    ignored: tuple[str, ...] = ()
    in_view: Callable[[], frozenset[bytes]] = frozenset

    def __post_init__(self) -> None:
        self.ledger = self.ledger or Ledger(self.folder, ZONE)
        self.gate = SimulatedGate(SimulatedGateConfig())
        self.feed = Feed()
        settings = LaneSettings(
            lane=self.lane_id,
            name="",
            kind=self.kind,
            direction="in",
            mode=self.mode,
            station="g107-bridge-north",
            levels=("pingyuan", "qiaobei"),
            grids=self.grids,
            policy=Policy(),
            origins=OriginClasses("41", ("110105",)),
            limits=self.limits,
            ignored=self.ignored,
        )
        eyes = Eyes(lambda: CameraView("ok"), lambda: None, lambda: 0, lambda: (), in_view=lambda: self.in_view())
        self.trust = TRUST_OF_ALL
        self.badges: list[tuple[str, Pass, tuple[Reason, ...]]] = []
        self.hits: frozenset[ListHit] = frozenset()
        self.lane = Lane(
            settings,
            lambda: self.trust,
            self.listed or (lambda shown: self.hits),
            self.ledger,
            self.gate,
            self.sensor,
            self.clock,
            self.feed,
            eyes,
            lambda lane, badge, against: self.badges.append((lane, badge, against)),
        )

    def a_scan(self, shown: "Pass | str | bytes") -> Scan:
        if isinstance(shown, bytes):
            shown = shown.decode()
        text = cp1.issue(shown, KEY) if isinstance(shown, Pass) else shown
        code = Code(text.encode(), text, "QRCode", CORNERS, "test")
        return Scan(self.lane_id, code, 0, self.clock.now())

    def scan(self, shown: "Pass | str | bytes"):
        return self.lane.way.pass_through(self.a_scan(shown))

    def happens(self, *events: Sighting | SensorLost | PanelChange) -> None:
        """The lane's sensors tell, and the lane takes it."""
        for event in events:
            self.lane.inbox.put(event)
            self.lane.step()

    def ask(self, command: Command) -> PassageView:
        """Ask as the screen does, with the lane's own thread doing the work."""
        worker = threading.Thread(target=self.lane.step)
        worker.start()
        try:
            return self.lane.ask(command)
        finally:
            worker.join()

    def view(self):
        self.lane.publish()
        return self.feed.changes(0, 0)[1][f"lane/{self.lane_id}"]


def cut(segments: Segments) -> Stretch | None:
    """The rows that lie in no segment yet, as one, however much it says."""
    return segments.cut(lambda stretch: stretch, lambda _: True)
