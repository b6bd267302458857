"""The station's figures for Prometheus, read at the moment of asking."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from station.domain.passage import LaneCounts


@dataclass(frozen=True, slots=True)
class LaneFigures:
    """Frame ages in seconds at the end of reading; ``camera_ok`` is false while it is lost or opening."""

    lane: str
    camera_ok: bool
    frames: int
    scans: int
    waiting: int
    frame_age_p50: float
    frame_age_p95: float
    counts: LaneCounts


@dataclass(frozen=True, slots=True)
class StationFigures:
    lanes: tuple[LaneFigures, ...]
    uplink_connected: bool
    unacknowledged: int
    ledger_rows: int
    ledger_ok: bool
    clock_trusted: bool
    power_ok: bool
    name_shared: bool = False


class _Collector:
    def __init__(self, figures: Callable[[], StationFigures]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        figures = self._figures()
        yield GaugeMetricFamily(
            "station_uplink_connected", "1 while the hub's broker is connected", figures.uplink_connected
        )
        yield GaugeMetricFamily(
            "station_unacknowledged_rows", "Ledger rows the hub has not acknowledged", figures.unacknowledged
        )
        yield CounterMetricFamily("station_ledger_rows", "Rows in the ledger", figures.ledger_rows)
        yield GaugeMetricFamily("station_ledger_ok", "1 while the ledger can be written", figures.ledger_ok)
        yield GaugeMetricFamily("station_clock_trusted", "1 while the clock can be trusted", figures.clock_trusted)
        yield GaugeMetricFamily("station_power_ok", "0 while the supply's voltage is too low", figures.power_ok)
        yield GaugeMetricFamily(
            "station_name_shared", "1 while another machine connects under this station's name", figures.name_shared
        )
        yield from _lane_metrics(figures.lanes)


def _lane_metrics(lanes: tuple[LaneFigures, ...]) -> Iterator[Metric]:
    scans = CounterMetricFamily("station_scans", "Codes presented since the start", labels=["lane"])
    frames = CounterMetricFamily("station_frames_read", "Frames looked at since the start", labels=["lane"])
    camera = GaugeMetricFamily("station_camera_ok", "1 while the camera gives pictures", labels=["lane"])
    waiting = GaugeMetricFamily("station_waiting", "Scans and commands waiting for the lane", labels=["lane"])
    age = GaugeMetricFamily("station_frame_age_seconds", "Age of a frame once read", labels=["lane", "quantile"])
    passages = GaugeMetricFamily("station_passages_today", "Passages of the local day", labels=["lane", "outcome"])
    crossings = GaugeMetricFamily("station_crossings_today", "Crossings of the local day", labels=["lane"])
    unmatched = GaugeMetricFamily("station_unmatched_today", "Crossings today without a decision", labels=["lane"])
    for figures in lanes:
        lane = [figures.lane]
        scans.add_metric(lane, figures.scans)
        frames.add_metric(lane, figures.frames)
        camera.add_metric(lane, figures.camera_ok)
        waiting.add_metric(lane, figures.waiting)
        age.add_metric([*lane, "0.5"], figures.frame_age_p50)
        age.add_metric([*lane, "0.95"], figures.frame_age_p95)
        for outcome in ("granted", "held", "denied"):
            passages.add_metric([*lane, outcome], getattr(figures.counts, outcome))
        crossings.add_metric(lane, figures.counts.crossings)
        unmatched.add_metric(lane, figures.counts.unmatched)
    yield from (scans, frames, camera, waiting, age, passages, crossings, unmatched)


def exposition(figures: Callable[[], StationFigures]) -> Callable[[], tuple[str, bytes]]:
    """A function giving the content type and the body of ``/metrics``."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(figures))
    return lambda: (CONTENT_TYPE_LATEST, generate_latest(registry))
