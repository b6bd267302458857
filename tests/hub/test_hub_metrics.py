"""What Prometheus reads of the district, and the dashboard that is drawn from it."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from hub_messages import NOW, SHANGHAI, live, received, state
from prometheus_client.parser import text_string_to_metric_families

from station.domain.district_orders import OrderRow
from station.domain.times import utc_text
from station.hub.database import Database, StoreUnreadable
from station.hub.figures import MOST_LEVELS, DistrictFigures
from station.hub.metrics import Metrics
from station.hub.overview import Overview
from station.hub.queries import Queries
from station.hub.store import Store

SHIPPED = Path(__file__).parents[2] / "firmware_config" / "hub"
Samples = dict[tuple[str, str], float]


class Rig:
    def __init__(self, database: Database) -> None:
        self.store = Store(database, SHANGHAI)
        self.time = 0.0
        queries = Queries(database, "pingyuan", SHANGHAI, lambda: NOW)
        self.overview = Overview(queries, lambda: NOW, lambda: self.time, lambda: {"watchlist": 2})
        self.orders: list[OrderRow] = []
        self.metrics = Metrics(DistrictFigures(self.overview.tree, "pingyuan", self.ask), lambda: True)

    def ask(self) -> list[OrderRow]:
        return self.orders

    def say(self, *messages: object, station: str) -> None:
        self.store.apply([received(message, station) for message in messages])
        self.overview.touch([station])
        self.time += 60
        self.overview.look()

    def samples(self) -> Samples:
        """By name, and by the value of the one label there is, if any."""
        families = text_string_to_metric_families(self.metrics.expose()[1].decode())
        return {
            (sample.name, next(iter(sample.labels.values()), "")): sample.value
            for family in families
            for sample in family.samples
        }


@pytest.fixture
def rig(database: Database) -> Rig:
    return Rig(database)


def test_the_districts_sums_are_told_and_what_is_zero_too(rig: Rig) -> None:
    rig.say(state(), live(9, lane_1=3), station="north")
    rig.say(state("lost"), station="south")
    found = rig.samples()
    assert found["checkpoint_hub_stations", "online"] == 1
    assert found["checkpoint_hub_stations", "lost"] == 1
    assert found["checkpoint_hub_stations", "stale"] == 0
    assert found["checkpoint_hub_attention_stations", "lost"] == 1
    assert found["checkpoint_hub_attention_stations", "lists"] == 2
    assert found["checkpoint_hub_passages_today", "granted"] == 3
    assert found["checkpoint_hub_backlog_rows", ""] == 9


def test_levels_right_beneath_have_figures_and_lanes_have_none(rig: Rig) -> None:
    rig.say(state(levels=("pingyuan", "qiaobei", "east")), live(3, lane_1=3), station="north")
    found = rig.samples()
    assert found["checkpoint_hub_level_passages_today", "pingyuan/qiaobei"] == 3
    assert not [key for key in found if "north" in key[1] or "east" in key[1]]


def test_a_district_of_very_many_levels_tells_of_none_of_them(rig: Rig) -> None:
    for number in range(MOST_LEVELS + 1):
        station = f"s{number}"
        rig.store.apply([received(state(levels=("pingyuan", f"l{number}")), station)])
        rig.overview.touch([station])
    rig.time += 60
    rig.overview.look()
    assert not [name for name, _ in rig.samples() if name.startswith("checkpoint_hub_level_")]


def test_orders_count_who_has_not_acknowledged_until_they_expire(rig: Rig) -> None:
    rig.orders = [
        order(stations=10, acknowledged=4),
        order(stations=5, acknowledged=5),
        order(stations=9, expired=True),
    ]
    found = rig.samples()
    assert found["checkpoint_hub_orders_standing", ""] == 2
    assert found["checkpoint_hub_orders_unacknowledged", ""] == 6


def test_while_the_store_cannot_be_asked_orders_are_not_told_and_the_rest_is(rig: Rig) -> None:
    def away() -> list[OrderRow]:
        raise StoreUnreadable("away")

    rig.metrics = Metrics(DistrictFigures(rig.overview.tree, "pingyuan", away), lambda: True)
    names = {name for name, _ in rig.samples()}
    assert "checkpoint_hub_stations" in names
    assert "checkpoint_hub_orders_unacknowledged" not in names


def test_every_figure_of_the_dashboard_is_one_that_the_hub_tells(rig: Rig) -> None:
    rig.say(state(levels=("pingyuan", "qiaobei")), live(3, lane_1=3), station="north")
    for counter in (rig.metrics.messages, rig.metrics.bad):
        counter.labels("live").inc()
    told = {name for name, _ in rig.samples()}
    dashboard = json.loads((SHIPPED / "grafana-dashboard.json").read_text())
    drawn = {
        name
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"checkpoint_\w+", target["expr"])
    }
    assert len(drawn) > 15
    assert drawn <= told


def test_the_dashboard_has_panels_that_do_not_overlap_and_asks_where_its_figures_are(rig: Rig) -> None:
    dashboard = json.loads((SHIPPED / "grafana-dashboard.json").read_text())
    places = [panel["gridPos"] for panel in dashboard["panels"]]
    taken = [
        (x, y) for at in places for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(taken) == len(set(taken))
    assert {x for x, _ in taken} == set(range(24))
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(places)
    variables = [variable["name"] for variable in dashboard["templating"]["list"]]
    used = set(re.findall(r"\$\{?([a-z]+)", json.dumps(dashboard["panels"])))
    assert used == set(variables)


def test_the_scrape_example_is_a_job_for_the_hubs_own_page() -> None:
    (job,) = yaml.safe_load((SHIPPED / "prometheus.yml").read_text())["scrape_configs"]
    assert job["metrics_path"] == "/metrics"
    assert job["static_configs"] == [{"targets": ["127.0.0.1:8090"]}]


def order(*, stations: int, acknowledged: int = 0, expired: bool = False) -> OrderRow:
    at = utc_text(NOW)
    return OrderRow(
        id=f"o-{stations}",
        level="pingyuan",
        urgency="info",
        zh="",
        en="",
        issued_at=at,
        expires=utc_text(NOW + timedelta(hours=1)),
        written_by="w",
        stations=stations,
        received=stations,
        shown=0,
        acknowledged=acknowledged,
        refused=0,
        expired=expired,
        seconds=None,
    )
