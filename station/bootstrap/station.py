"""A station, wired from its configuration."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import cv2

from station import config as cfg
from station.bootstrap.aiming import bracketing, lane_aim
from station.bootstrap.lists import lists_of
from station.bootstrap.sensors import LaneSensors, lane_sensors
from station.bootstrap.version import SOFTWARE
from station.devices import Camera, Clock, Gate, Thermometer, camera, gate, load_driver, thermometer
from station.devices.camera.worker import CameraState, CameraWorker
from station.devices.clock import SystemClock
from station.devices.thermometer.reopening import ReopeningThermometer
from station.domain.aim import Aim
from station.domain.commands import Command, Refusal, Refused
from station.domain.crossings import SensorLost, Sighting
from station.domain.moment import Moment
from station.domain.origin import OriginClasses
from station.domain.panel import PanelChange
from station.domain.passage import LaneCounts
from station.domain.passes import HealthKind, Must
from station.domain.reconciliation import Limits
from station.domain.scan import Frame, Scan
from station.domain.situation import LaneKind, Mode, Policy
from station.domain.view import CameraView, CodeView, PassageView
from station.feed import Feed
from station.housekeeping import Housekeeping, UplinkReport
from station.lane import Eyes, Lane, LaneSettings
from station.ledger import Ledger, Segments
from station.metrics import LaneFigures, StationFigures
from station.outbox.connection import Broker
from station.outbox.uplink import ListDesk, Uplink, UplinkSettings, UplinkState
from station.runtime import Slot, Workers, put_until
from station.scanning.guard import RepeatGuard
from station.scanning.hand import HandScanner
from station.scanning.reader import LiveReader
from station.scanning.scanner import Scanner

log = logging.getLogger("station")

PICTURE_WIDTH = 480
PICTURE_QUALITY = 70
HOUSEKEEPING_EVERY = 0.5


@dataclass(frozen=True, slots=True)
class LaneParts:
    """Everything that belongs to one lane, from camera to gate."""

    settings: LaneSettings
    frames: Slot[Frame]
    camera: CameraWorker
    scanner: Scanner
    gate: Gate
    thermometer: Thermometer | None
    sensors: LaneSensors
    lane: Lane

    def close(self) -> None:
        self.camera.close()
        self.sensors.close()
        self.gate.close()
        if self.thermometer is not None:
            self.thermometer.close()


class Station:
    """A whole station: ``start``, look at it through the callables below, ``close``."""

    def __init__(self, config: cfg.StationConfig) -> None:
        self.config = config
        self.feed = Feed()
        self.workers = Workers()
        self.clock: Clock = SystemClock(always_trusted=config.station.clock == "always")
        self._logged: dict[str, str] = {}
        self._zone = ZoneInfo(config.station.timezone)
        self.ledger = Ledger(Path(config.station.data_dir), self._zone)
        self.segments = Segments(self.ledger)
        guard = RepeatGuard(config.scanning.absence_seconds)
        self.lists = lists_of(config.station, self.clock.now)
        self.lanes = {lane.id: self._lane_parts(lane, guard) for lane in config.lanes}
        self.uplink = self._uplink(config.uplink) if config.uplink is not None else None
        self.housekeeping = Housekeeping(
            config.station.id,
            config.station.name,
            config.station.timezone,
            config.policy.keep_personal_days,
            self.ledger,
            self.clock,
            self.feed,
            self._uplink_report,
            self.lists,
        )

    def _lane_parts(self, config: cfg.LaneConfig, guard: RepeatGuard) -> LaneParts:
        frames: Slot[Frame] = Slot()
        watched: Slot[Frame] = Slot()  # the same frames once more, for presence by video
        driver: Camera = load_driver(camera.DRIVERS, config.camera.driver)(config.camera)
        exposure = bracketing(config.camera, driver, lambda: scanner.last, time.monotonic)
        worker = CameraWorker(config.id, driver, _to_each(frames, watched), bracketing=exposure)
        scanner = Scanner(
            config.id,
            frames,
            LiveReader(second_reader=self.config.scanning.second_reader),
            guard,
            self._into_inbox(config.id),
            self.clock.now,
            time.monotonic,
        )
        hand = HandScanner(config.id, guard, self._into_inbox(config.id), self.clock.now, time.monotonic)
        sensors = lane_sensors(config, self._into_inbox(config.id), hand, watched)
        settings = lane_settings(self.config, config)
        lane_gate: Gate = load_driver(gate.DRIVERS, config.gate.driver)(config.gate)
        sensor = _thermometer(config.thermometer)
        eyes = Eyes(
            camera=lambda: _camera_view(worker),
            code=lambda: _code_view(scanner),
            scans=lambda: scanner.scans + hand.scans,
            lost=sensors.lost,
        )
        lane = Lane(
            settings,
            self.lists.trust,
            self.lists.hits,
            self.ledger,
            lane_gate,
            sensor,
            self.clock,
            self.feed,
            eyes,
        )
        return LaneParts(settings, frames, worker, scanner, lane_gate, sensor, sensors, lane)

    def _into_inbox(self, lane: str) -> Callable[[Scan | Sighting | SensorLost | PanelChange], bool]:
        """A full inbox makes the scan thread or the sensor's wait: what was presented or seen is never dropped."""
        return lambda told: put_until(self.lanes[lane].lane.inbox, told, lambda: self.workers.wait(0))

    def _uplink(self, uplink: cfg.UplinkSection) -> Uplink:
        station = self.config.station
        broker = Broker(uplink.url, f"{station.district}.{station.id}", uplink.ca, uplink.cert, uplink.key)
        settings = UplinkSettings(
            broker=broker,
            district=station.district,
            station=station.id,
            name=station.name,
            levels=station.levels,
            lanes=tuple(lane.id for lane in self.config.lanes),
            software=SOFTWARE,
            segment_seconds=uplink.segment_seconds,
            live_seconds=uplink.live_seconds,
        )
        return Uplink(
            settings,
            self.segments,
            self._counts,
            lambda: self.ledger.head,
            self._day,
            ListDesk(self.lists.receive, self.lists.versions),
            self.clock.now,
            time.monotonic,
        )

    # Running

    def start(self) -> None:
        for name, parts in self.lanes.items():
            self.workers.start(f"camera {name}", parts.camera.step)
            self.workers.start(f"scanner {name}", parts.scanner.step)
            for part, worker in parts.sensors.workers.items():
                self.workers.start(f"{part} {name}", worker.step)
            self.workers.start(f"lane {name}", parts.lane.step)
        if self.uplink is not None:
            self.workers.start("uplink", self.uplink.step)
        self.workers.start("housekeeping", self._keep_house)

    def _keep_house(self) -> None:
        self.housekeeping.step()
        self._log_faults()
        self.workers.wait(HOUSEKEEPING_EVERY)

    def _log_faults(self) -> None:
        """The journal gets each fault once, when it comes and when it goes."""
        faults = {"uplink": self._uplink_report().fault, "ledger": self.ledger.fault, "lists": self.lists.fault}
        faults |= {f"camera {name}": parts.camera.fault for name, parts in self.lanes.items()}
        for name, parts in self.lanes.items():
            faults |= {f"{part} {name}": worker.fault for part, worker in parts.sensors.workers.items()}
        for part, fault in faults.items():
            if fault != self._logged.get(part, ""):
                log.warning("%s: %s", part, fault or "well again")
        self._logged = faults

    def close(self) -> list[str]:
        """Stop in reverse. :return: workers that did not end in time."""
        self.feed.close()
        hanging = self.workers.stop()
        for parts in self.lanes.values():
            parts.lane.finish()
        if self.uplink is not None:
            self.uplink.close()
        for parts in self.lanes.values():
            parts.close()
        self.segments.close()
        self.ledger.close()
        return hanging

    # What a screen may ask

    def command(self, lane: str, command: Command) -> PassageView:
        """:raises Refused: nothing was done."""
        if lane not in self.lanes:
            raise Refused(Refusal.NOT_FOUND)
        return self.lanes[lane].lane.ask(command)

    def name(self, lane: str, passage: int) -> str:
        """Whom a certificate of the passage on a lane's screen names; empty for any other passage."""
        return self.lanes[lane].lane.name(passage) if lane in self.lanes else ""

    def picture(self, lane: str) -> bytes | None:
        """The newest frame of a lane as a JPEG, ``PICTURE_WIDTH`` pixels wide; None when there is none."""
        frame = self.lanes[lane].frames.peek() if lane in self.lanes else None
        if frame is None:
            return None
        height, width = frame.image.shape[:2]
        small = cv2.resize(
            frame.image, (PICTURE_WIDTH, max(1, height * PICTURE_WIDTH // width)), interpolation=cv2.INTER_AREA
        )
        _, jpeg = cv2.imencode(".jpg", small, (cv2.IMWRITE_JPEG_QUALITY, PICTURE_QUALITY))
        return jpeg.tobytes()

    def aim(self, lane: str) -> Aim | None:
        """How well a lane's camera is aimed, worked out when it is asked for; None while it gives no picture."""
        parts = self.lanes.get(lane)
        if parts is None or parts.camera.state(time.monotonic()) in (CameraState.OPENING, CameraState.LOST):
            return None
        return lane_aim(parts.frames.peek(), parts.scanner.last)

    def health(self) -> tuple[bool, dict[str, object]]:
        """Alive as a whole, and each part's state."""
        cameras = {name: parts.camera.state(time.monotonic()) for name, parts in self.lanes.items()}
        stale, uplink = self.workers.stale(), self._uplink_report()
        lost = any(parts.sensors.lost() for parts in self.lanes.values())
        ok = not stale and not self.ledger.fault and CameraState.LOST not in cameras.values() and not lost
        report: dict[str, object] = {
            "ok": ok,
            "cameras": cameras,
            "ledger": self.ledger.fault or "ok",
            "stale_threads": stale,
            "uplink": uplink.state,
            "uplink_fault": uplink.fault,
            "unacknowledged": uplink.unacknowledged,
            "lists": dict(self.lists.versions()),
            "lists_fault": self.lists.fault,
            "lanes": {name: _lane_report(parts) for name, parts in self.lanes.items()},
            "software": SOFTWARE,
        }
        return ok, report

    def figures(self) -> StationFigures:
        now = self.clock.now()
        report = self._uplink_report()
        return StationFigures(
            lanes=tuple(self._lane_figures(parts, now) for parts in self.lanes.values()),
            uplink_connected=report.state == UplinkState.CONNECTED,
            unacknowledged=report.unacknowledged,
            ledger_rows=self.ledger.head,
            ledger_ok=not self.ledger.fault,
            clock_trusted=now.trusted,
        )

    def _lane_figures(self, parts: LaneParts, now: Moment) -> LaneFigures:
        scanner = parts.scanner
        return LaneFigures(
            lane=parts.settings.lane,
            camera_ok=parts.camera.state(time.monotonic()) in (CameraState.OK, CameraState.ENDED),
            frames=scanner.read_frames,
            scans=scanner.scans,
            waiting=parts.lane.inbox.qsize(),
            frame_age_p50=scanner.ages.percentile(50),
            frame_age_p95=scanner.ages.percentile(95),
            counts=self.ledger.counts(parts.settings.lane, now),
        )

    def _counts(self, now: Moment) -> dict[str, LaneCounts]:
        return {lane: self.ledger.counts(lane, now) for lane in self.lanes}

    def _day(self, now: Moment) -> str:
        return now.utc.astimezone(self._zone).date().isoformat()

    def _uplink_report(self) -> UplinkReport:
        unacknowledged = self.segments.unacknowledged_rows()
        if self.uplink is None:
            return UplinkReport(UplinkState.OFF, "", "", unacknowledged)
        return UplinkReport(self.uplink.state, self.uplink.since.text, self.uplink.fault, unacknowledged)


def lane_settings(config: cfg.StationConfig, lane: cfg.LaneConfig) -> LaneSettings:
    policy = config.policy
    return LaneSettings(
        lane=lane.id,
        name=lane.name or lane.id,
        kind=LaneKind(lane.kind),
        direction=lane.direction,
        mode=Mode(lane.mode),
        station=config.station.id,
        levels=config.station.levels,
        grids=config.station.grids,
        policy=Policy(
            musts=frozenset(Must(must) for must in policy.musts),
            declared_suffices=frozenset(Must(must) for must in policy.declared_suffices),
            health_suffices=frozenset(HealthKind(kind) for kind in policy.health_suffices),
            test_good_for=policy.test_good_for_hours * 3600,
            fever_from=policy.fever_from,
            reuse_after=policy.reuse_after_seconds,
        ),
        origins=OriginClasses(policy.home_province, policy.risk_areas),
        limits=None if isinstance(lane.presence, cfg.NoPresenceConfig) else _limits(lane.direction, policy),
    )


def _limits(direction: str, policy: cfg.PolicySection) -> Limits:
    return Limits(
        direction=direction,
        crosses_within=policy.crosses_within_seconds,
        tails_within=policy.tails_within_seconds,
        stuck_after=policy.stuck_after_seconds,
    )


def _to_each(*slots: Slot[Frame]) -> Callable[[Frame], None]:
    def put(frame: Frame) -> None:
        for slot in slots:
            slot.put(frame)

    return put


def _lane_report(parts: LaneParts) -> dict[str, object]:
    ages = parts.scanner.ages
    return {
        "camera_fault": parts.camera.fault,
        "frames": parts.scanner.read_frames,
        "scans": parts.scanner.scans,
        "sensors": {part: worker.fault or "ok" for part, worker in parts.sensors.workers.items()},
        "frame_age_ms": {f"p{p}": round(ages.percentile(p) * 1000, 1) for p in (50, 95)},
    }


def _thermometer(config: cfg.ThermometerConfig) -> Thermometer | None:
    if isinstance(config, cfg.NoThermometerConfig):
        return None
    return ReopeningThermometer(load_driver(thermometer.DRIVERS, config.driver)(config))


def _camera_view(worker: CameraWorker) -> CameraView:
    now = time.monotonic()
    width, height = worker.size
    age = worker.age(now)
    return CameraView(
        state=worker.state(now),
        fault=worker.fault,
        age_ms=None if age is None else round(age * 1000),
        fps=round(worker.fps, 1),
        width=width,
        height=height,
    )


def _code_view(scanner: Scanner) -> CodeView | None:
    if scanner.last is None:
        return None
    frame, code = scanner.last
    return CodeView(code.corners, frame.number)
