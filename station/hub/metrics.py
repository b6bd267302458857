"""Figures of the hub for Prometheus, in a registry of their own."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector as PrometheusCollector

_LATENCIES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_AGES = (0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.5, 1, 2, 5, 10, 60)


class Metrics:
    """Counted where it happens; the district's figures and the connection are asked for when somebody looks."""

    def __init__(self, figures: PrometheusCollector, connected: Callable[[], bool]) -> None:
        self.registry = CollectorRegistry()
        self.messages = self._counter("checkpoint_hub_messages", "Messages stored, by name", "name")
        self.bad = self._counter(
            "checkpoint_hub_bad_messages", "Messages refused: unreadable, or not plausible; by name", "name"
        )
        self.set_aside = self._counter(
            "checkpoint_hub_set_aside_messages", "Messages that could not be stored, by name", "name"
        )
        self.replies = self._counter("checkpoint_hub_replies", "Acknowledgements and requests to offer again", "name")
        self.batches = self._counter("checkpoint_hub_batches", "Transactions of the store")
        self.superseded = self._counter(
            "checkpoint_hub_live_superseded", "Live frames a newer one of the same station followed before their turn"
        )
        self.latency = Spans("checkpoint_hub_ingest_seconds", "From the arrival of a message to its commit", _LATENCIES)
        self.live_age = Spans(
            "checkpoint_hub_live_age_seconds",
            "From the moment a live frame says it was made to its commit; the station's clock is believed",
            _AGES,
        )
        self.registry.register(self.latency)
        self.registry.register(self.live_age)
        connection = Gauge(
            "checkpoint_hub_broker_connected", "1 while subscribed at the broker", registry=self.registry
        )
        connection.set_function(lambda: float(connected()))
        self.registry.register(figures)

    def expose(self) -> tuple[str, bytes]:
        """Content type and body of /metrics."""
        return CONTENT_TYPE_LATEST, generate_latest(self.registry)

    def _counter(self, name: str, help_text: str, *labels: str) -> Counter:
        return Counter(name, help_text, labels, registry=self.registry)


class Spans(PrometheusCollector):
    """A histogram that is told of a whole batch at once: of single messages there are too many."""

    def __init__(self, name: str, help_text: str, bounds: Sequence[float]) -> None:
        self._name, self._help, self._bounds = name, help_text, bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, spans: Sequence[float]) -> None:
        for span in spans:
            self._counts[bisect_left(self._bounds, span)] += 1
        self._sum += sum(spans)

    def collect(self) -> Iterable[HistogramMetricFamily]:
        ends = [*map(str, map(float, self._bounds)), "+Inf"]
        buckets = list(zip(ends, accumulate(self._counts), strict=True))
        yield HistogramMetricFamily(self._name, self._help, buckets=buckets, sum_value=self._sum)
