"""A station, wired from its configuration: its parts are made, started, and stopped in reverse."""

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from zoneinfo import ZoneInfo

from station import config as cfg
from station.bootstrap.by_hand import HandDesk
from station.bootstrap.desk import ScreenDesk
from station.bootstrap.duty import duty_of
from station.bootstrap.health import Health
from station.bootstrap.lane_parts import LaneParts, Shared, lane_parts
from station.bootstrap.lists import keys_of, lists_of
from station.bootstrap.place import place_fault, placed
from station.bootstrap.plates import plate_finders, plate_rounds
from station.bootstrap.station_faults import station_faults
from station.bootstrap.supervisor import supervisor_socket
from station.bootstrap.uplink import uplink_of
from station.devices import Clock
from station.devices.clock import SystemClock
from station.devices.machine import read_machine
from station.domain.condition import PartView
from station.feed import Feed
from station.housekeeping import Housekeeping
from station.ledger import Ledger, Segments
from station.runtime import DEVICE_STALE_S, Workers, notify_starting
from station.scanning.guard import RepeatGuard

log = logging.getLogger("station")

HOUSEKEEPING_EVERY = 0.5


class Station:
    """A whole station: ``start``, look at it through ``feed``, ``desk`` and ``health``, ``close``."""

    def __init__(self, config: cfg.StationConfig, parts: Callable[[], Sequence[PartView]] = lambda: ()) -> None:
        """:param parts: what ``station doctor`` finds of this machine while the station runs, for supervisors."""
        wrong_place = place_fault(config)
        self.config = config = placed(config)
        self.feed = Feed()
        self.workers = Workers()
        self.clock: Clock = SystemClock(always_trusted=config.station.clock == "always")
        machine = read_machine()
        notify_starting("ledger")
        self.ledger = Ledger(Path(config.station.data_dir), ZoneInfo(config.station.timezone), machine=machine)
        if self.ledger.moved:
            log.warning("the ledger comes from another machine or file: new rows count in an epoch of their own")
        self.segments = Segments(self.ledger)
        notify_starting("keys and lists")
        keys = keys_of(config.station)
        self.lists = lists_of(config.station, keys, self.clock.now)
        self.duty = duty_of(
            config, self.ledger, self.lists, self.clock, self.feed, lambda lane: self.desk.photograph(lane)
        )
        guard = RepeatGuard(config.scanning.absence_seconds)
        finders, plates_fault = plate_finders(config.lanes)
        shared = Shared(
            config,
            guard,
            self.lists,
            self.ledger,
            self.clock,
            self.feed,
            self.duty.shifts.badge_shown,
            finders,
            lambda: self.workers.wait(0),
        )
        self.lanes: dict[str, LaneParts] = {}
        for lane in config.lanes:
            notify_starting(f"lane {lane.id}")
            self.lanes[lane.id] = lane_parts(shared, lane)
        lanes = self.lanes.values()
        self.plates = plate_rounds(
            (parts.plates for parts in lanes), (parts.frames for parts in lanes), self.workers.wait
        )
        notify_starting("uplink")
        self.uplink = (
            uplink_of(
                config,
                config.uplink,
                self.segments,
                self.ledger,
                self.lists,
                self.duty,
                self.clock,
                machine,
                lambda: tuple(self.faults.standing()),
            )
            if config.uplink is not None
            else None
        )
        self.by_hand = HandDesk(config, self.ledger, self.clock)
        self.desk = ScreenDesk(self.lanes, self.duty.shifts.operator)
        self.health = Health(self.lanes, self.ledger, self.segments, self.lists, self.uplink, self.workers, self.clock)
        self.supervisor = supervisor_socket(config, self.ledger, self.duty, self.feed, self.clock, parts, self.workers)
        self.faults = station_faults(
            self.ledger, keys, self.lists, self.duty, self.health, self.supervisor, plates_fault, wrong_place
        )
        self.housekeeping = Housekeeping(
            config.station.id,
            config.station.name,
            config.station.timezone,
            config.policy.keep_personal_days,
            self.ledger,
            self.clock,
            self.feed,
            self.health.uplink,
            self.lists,
            self.health.power,
            self.faults,
        )
        self._logged: dict[str, str] = {}

    def start(self) -> None:
        for name, parts in self.lanes.items():
            self.workers.start(f"camera {name}", parts.camera.step, DEVICE_STALE_S)
            self.workers.start(f"scanner {name}", parts.scanner.step)
            for part, worker in parts.sensors.workers.items():
                may_wait = {"stale_after_s": DEVICE_STALE_S} if part == "reader" else {}
                self.workers.start(f"{part} {name}", worker.step, **may_wait)
            self.workers.start(f"lane {name}", parts.lane.step)
        if self.plates is not None:
            self.workers.start("plates", self.plates.step)
        if self.uplink is not None:
            self.workers.start("uplink", self.uplink.step)
        if self.supervisor is not None:
            self.workers.start("supervisor", self.supervisor.step, DEVICE_STALE_S)
        self.workers.start("housekeeping", self._keep_house)

    def _keep_house(self) -> None:
        self.housekeeping.step()
        self.duty.tend()
        self._log_faults()
        if self.ledger.replaced:
            log.warning("another ledger is in the place of the one this station began with: beginning again on it")
            self.workers.end()
        self.workers.wait(HOUSEKEEPING_EVERY)

    def _log_faults(self) -> None:
        """The journal gets each fault once, when it comes and when it goes. What a device's driver says is told by the
        device itself; one that says nothing any more is told here."""
        faults = {"uplink": self.health.uplink().fault, "orders": self.duty.orders.fault}
        faults |= dict.fromkeys(self.workers.silent(), "has not answered for 10 s; the station goes on without it")
        faults |= {fault.value: said for fault, said in self.faults.standing().items()}
        for part in {**self._logged, **faults}:
            fault = faults.get(part, "")
            if fault != self._logged.get(part, ""):
                log.warning("%s: %s", part, fault or "well again")
        self._logged = faults

    def close(self) -> list[str]:
        """Stop in reverse; a part that cannot be closed keeps no other open.

        :return: workers that did not end in time.
        """
        self.feed.close()
        hanging = self.workers.stop()
        with ExitStack() as closing:  # from the last to the first
            for part in (self.ledger, self.segments, self.duty.events, self.by_hand):
                closing.callback(part.close)
            for parts in self.lanes.values():
                closing.callback(parts.close, hanging)
            if self.supervisor is not None:
                closing.callback(self.supervisor.close)
            if self.uplink is not None:
                closing.callback(self.uplink.close)
            for name, parts in self.lanes.items():
                if f"lane {name}" not in (*hanging, self.workers.failed):  # what ended its thread is not tried again
                    closing.callback(parts.lane.finish)
        return hanging
