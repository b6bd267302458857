"""Figures of the hub for Prometheus, in a registry of their own."""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Sequence

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector as PrometheusCollector

from station.hub.roster import StationRow

_LATENCIES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_AGES = (0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.5, 1, 2, 5, 10, 60)


class Metrics:
    """Counted where it happens; stations and the connection are asked for when somebody looks."""

    def __init__(self, stations: Callable[[], Sequence[StationRow]], connected: Callable[[], bool]) -> None:
        self.registry = CollectorRegistry()
        self.messages = self._counter("checkpoint_hub_messages", "Messages stored, by name", "name")
        self.bad = self._counter("checkpoint_hub_bad_messages", "Messages that could not be read, by name", "name")
        self.replies = self._counter("checkpoint_hub_replies", "Acknowledgements and requests to offer again", "name")
        self.batches = self._counter("checkpoint_hub_batches", "Transactions of the store")
        self.latency = Histogram(
            "checkpoint_hub_ingest_seconds",
            "From the arrival of a message to its commit",
            buckets=_LATENCIES,
            registry=self.registry,
        )
        self.live_age = Histogram(
            "checkpoint_hub_live_age_seconds",
            "From the moment a live frame says it was made to its commit; the station's clock is believed",
            buckets=_AGES,
            registry=self.registry,
        )
        connection = Gauge(
            "checkpoint_hub_broker_connected", "1 while subscribed at the broker", registry=self.registry
        )
        connection.set_function(lambda: float(connected()))
        self.registry.register(_Stations(stations))

    def expose(self) -> tuple[str, bytes]:
        """Content type and body of /metrics."""
        return CONTENT_TYPE_LATEST, generate_latest(self.registry)

    def _counter(self, name: str, help_text: str, *labels: str) -> Counter:
        return Counter(name, help_text, labels, registry=self.registry)


class _Stations(PrometheusCollector):
    def __init__(self, stations: Callable[[], Sequence[StationRow]]) -> None:
        self._stations = stations

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        stations = self._stations()
        family = GaugeMetricFamily("checkpoint_hub_stations", "Stations by state", labels=["state"])
        for state, number in sorted(Tally(station.state for station in stations).items()):
            family.add_metric([state], number)
        yield family
        yield GaugeMetricFamily(
            "checkpoint_hub_backlog_rows",
            "Ledger rows known to exist and not stored yet",
            value=sum(station.backlog for station in stations),
        )
        yield GaugeMetricFamily(
            "checkpoint_hub_regressed_stations",
            "Stations where an old card was put back",
            value=sum(station.regressed for station in stations),
        )
