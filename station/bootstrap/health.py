"""How a running station is: for /healthz, for /metrics and for the journal."""

import time
from collections.abc import Mapping

from station.bootstrap.lane_parts import LaneParts
from station.devices import Clock
from station.devices.camera.worker import CameraState
from station.devices.power import PowerWatch
from station.domain.moment import Moment
from station.domain.power import Power
from station.housekeeping import UplinkReport
from station.ledger import Ledger, Segments
from station.lists import Lists
from station.metrics import LaneFigures, StationFigures
from station.outbox.uplink import Uplink, UplinkState
from station.runtime import Workers
from station.version import SOFTWARE


class Health:
    """Every method may be called from any thread."""

    def __init__(
        self,
        lanes: Mapping[str, LaneParts],
        ledger: Ledger,
        segments: Segments,
        lists: Lists,
        uplink: Uplink | None,
        workers: Workers,
        clock: Clock,
    ) -> None:
        self._lanes, self._ledger, self._segments, self._lists = lanes, ledger, segments, lists
        self._uplink, self._workers, self._clock = uplink, workers, clock
        self._power_watch = PowerWatch()
        self.screen_fault = ""
        """Why the touchscreen cannot be shown; empty where it can."""

    def report(self) -> tuple[bool, dict[str, object]]:
        """Alive as a whole, and each part's state."""
        cameras = {name: parts.camera.state(time.monotonic()) for name, parts in self._lanes.items()}
        stale, uplink = self._workers.silent(), self.uplink()
        lost = any(parts.sensors.lost() for parts in self._lanes.values())
        ok = not stale and not self._ledger.fault and CameraState.LOST not in cameras.values() and not lost
        return ok, {
            "ok": ok,
            "cameras": cameras,
            "ledger": self._ledger.fault or "ok",
            "stale_threads": stale,
            "uplink": uplink.state,
            "uplink_fault": uplink.fault,
            "unacknowledged": uplink.unacknowledged,
            "name_shared": uplink.name_shared,
            "lists": dict(self._lists.versions()),
            "lists_fault": self._lists.fault,
            "power": self.power(),
            "lanes": {name: _lane_report(parts) for name, parts in self._lanes.items()},
            "software": SOFTWARE,
        }

    def faults(self) -> dict[str, str]:
        """Each part's fault, empty where it is well; the station's own (``StationFaults``) are told apart."""
        faults = {"uplink": self.uplink().fault}
        faults |= {f"camera {name}": parts.camera.fault for name, parts in self._lanes.items()}
        for name, parts in self._lanes.items():
            faults |= {f"{part} {name}": worker.fault for part, worker in parts.sensors.workers.items()}
        return faults

    def undervoltage(self) -> str:
        """What is wrong with the supply; empty while nothing is, or nobody knows."""
        low = "undervoltage; take the power supply made for this machine, and a short cable"
        return low if self.power() is Power.LOW else ""

    def power(self) -> Power:
        return self._power_watch.power(time.monotonic())

    def uplink(self) -> UplinkReport:
        unacknowledged = self._segments.unacknowledged_rows()
        if self._uplink is None:
            return UplinkReport(UplinkState.OFF, "", "", unacknowledged)
        uplink = self._uplink
        return UplinkReport(uplink.state, uplink.since.text, uplink.fault, unacknowledged, uplink.name_shared)

    def figures(self) -> StationFigures:
        now, uplink = self._clock.now(), self.uplink()
        return StationFigures(
            lanes=tuple(self._lane_figures(parts, now) for parts in self._lanes.values()),
            uplink_connected=uplink.state == UplinkState.CONNECTED,
            unacknowledged=uplink.unacknowledged,
            ledger_rows=self._ledger.head,
            ledger_ok=not self._ledger.fault,
            clock_trusted=now.trusted,
            name_shared=uplink.name_shared,
            power_ok=self.power() is not Power.LOW,
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
            counts=self._ledger.counts(parts.settings.lane, now),
        )


def _lane_report(parts: LaneParts) -> dict[str, object]:
    ages = parts.scanner.ages
    return {
        "camera_fault": parts.camera.fault,
        "frames": parts.scanner.read_frames,
        "scans": parts.scanner.scans,
        "sensors": {part: worker.fault or "ok" for part, worker in parts.sensors.workers.items()},
        "frame_age_ms": {f"p{p}": round(ages.percentile(p) * 1000, 1) for p in (50, 95)},
    }
