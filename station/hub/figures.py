"""The district's own figures for Prometheus, from the live tree that the pages show: a look costs no SQL over stations.

One series a lane would be tens of thousands. There are the district's, and a few for each level right beneath it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from station.domain.district_orders import OrderRow
from station.hub.database import StoreUnreadable
from station.hub.live_tree import REASONS, STATES, LiveTree, View

OUTCOMES = ("granted", "held", "denied")
MOST_LEVELS = 100  # of more than these none is told: a part would look like the whole
_SUMS = {
    "backlog_rows": ("backlog", "Ledger rows known to exist and not stored yet"),
    "vehicles_today": ("vehicles", "Vehicles of the local day, whatever was decided"),
    "persons_today": ("persons", "Persons of the local day, whatever was decided"),
    "crossings_today": ("crossings", "What presence sensors saw cross, of the local day"),
    "unmatched_today": ("unmatched", "Crossings of the local day that nobody had decided on"),
}


class DistrictFigures(Collector):
    def __init__(self, tree: LiveTree, district: str, orders: Callable[[], Sequence[OrderRow]]) -> None:
        self._tree, self._district, self._orders = tree, district, orders

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        district = self._tree.node(self._district)
        yield _by("stations", "Stations by state", "state", {name: district["states"].get(name, 0) for name in STATES})
        reasons = {name: district["attention"].get(name, 0) for name in REASONS}
        yield _by("attention_stations", "Stations that need attention, by reason", "reason", reasons)
        yield _one("regressed_stations", "Stations where an old card was put back", reasons["regressed"])
        passages = {name: district[name] for name in OUTCOMES}
        yield _by("passages_today", "Passages of the local day, by outcome", "outcome", passages)
        for name, (member, what) in _SUMS.items():
            yield _one(name, what, district[member])
        yield from self._of_orders()
        yield from _of_levels(self._tree.children(self._district)["levels"])

    def _of_orders(self) -> Iterator[GaugeMetricFamily]:
        """Nothing while the store cannot be asked: a zero would say that all is well."""
        try:
            standing = [order for order in self._orders() if not order.expired]
        except StoreUnreadable:
            return
        missing = sum(order.stations - order.acknowledged for order in standing)
        yield _one("orders_standing", "Orders that have not expired", len(standing))
        yield _one("orders_unacknowledged", "Stations that have not acknowledged a standing order, summed", missing)


def _of_levels(levels: Sequence[View]) -> Iterator[GaugeMetricFamily]:
    if len(levels) > MOST_LEVELS:
        return
    passages = {level["path"]: level["passages"] for level in levels}
    away = {level["path"]: level["attention"].get("lost", 0) + level["attention"].get("stale", 0) for level in levels}
    yield _by("level_passages_today", "Passages of the local day, by level right beneath", "level", passages)
    yield _by("level_stations_away", "Stations lost or silent, by level right beneath the district", "level", away)


def _one(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"checkpoint_hub_{name}", what, value=value)


def _by(name: str, what: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"checkpoint_hub_{name}", what, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
