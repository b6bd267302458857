"""The outbox, wired from a station's configuration."""

import time
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from station import config as cfg
from station.bootstrap.duty import Duty
from station.devices import Clock
from station.domain.moment import Moment
from station.domain.passage import LaneCounts
from station.ledger import Ledger, Segments
from station.lists import Lists
from station.outbox.connection import Broker
from station.outbox.uplink import ListDesk, Uplink, UplinkSettings
from station.update_results import read_update_results
from station.version import SOFTWARE


def uplink_of(
    config: cfg.StationConfig,
    uplink: cfg.UplinkSection,
    segments: Segments,
    ledger: Ledger,
    lists: Lists,
    duty: Duty,
    clock: Clock,
    machine: str,
    faults: Callable[[], Sequence[str]],
) -> Uplink:
    zone = ZoneInfo(config.station.timezone)

    def counts(now: Moment) -> dict[str, LaneCounts]:
        return {lane.id: ledger.counts(lane.id, now) for lane in config.lanes}

    def day(now: Moment) -> str:
        return now.utc.astimezone(zone).date().isoformat()

    return Uplink(
        _settings(config, uplink, machine),
        segments,
        counts,
        lambda: ledger.head,
        day,
        ListDesk(lists.receive, lists.versions),
        duty.events,
        duty.orders.receive,
        clock.now,
        time.monotonic,
        faults,
        read_update_results,
    )


def _settings(config: cfg.StationConfig, uplink: cfg.UplinkSection, machine: str) -> UplinkSettings:
    station = config.station
    return UplinkSettings(
        broker=Broker(uplink.url, f"{station.district}.{station.id}", uplink.ca, uplink.cert, uplink.key),
        district=station.district,
        station=station.id,
        name=station.name,
        levels=station.levels,
        lanes=tuple(lane.id for lane in config.lanes),
        software=SOFTWARE,
        segment_seconds=uplink.segment_seconds,
        live_seconds=uplink.live_seconds,
        machine=machine,
    )
