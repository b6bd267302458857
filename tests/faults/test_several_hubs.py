"""Several hubs share a district's segments through one broker and one PostgreSQL; one of them is killed mid-load."""

import re
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from broker import Broker
from postgres import Cluster
from station_process import Program

from station.clock import utc_now
from station.commands.processes import free_port
from station.commands.simulate_compare import beside_store
from station.hub.postgres import PostgresDatabase
from station.simulation.crew import Crew, Heard
from station.simulation.plan import Fault
from station.simulation.schedule import PACE, SETTLE_SECONDS, plan_of

pytestmark = [
    pytest.mark.clock,
    pytest.mark.faults,
    pytest.mark.timeout(300),
]  # four hubs start slowly on a busy machine

HUB = """[hub]
district = "pingyuan"
data_dir = "{folder}"
[broker]
url = "{broker}"
client_id = "{name}"
[store]
url = "{store}"
[web]
listen = "127.0.0.1:{port}"
"""
HUBS = 4


@pytest.fixture
def url(cluster: Cluster) -> Iterator[str]:
    url = cluster.lend()
    yield url
    cluster.take_back(url)


def test_a_hub_killed_mid_load_costs_nothing_and_doubles_nothing(broker: Broker, url: str, tmp_path: Path) -> None:
    ports = [free_port() for _ in range(HUBS)]
    programs = [_hub(tmp_path, f"hub-{port}", broker.url, url, port) for port in ports]
    due = [(3.0, programs[0].kill), (6.0, programs[0].start)]

    def strike(heard: Heard) -> None:
        while due and due[0][0] <= heard.at:
            due.pop(0)[1]()

    plan = replace(
        plan_of(6, utc_now()),
        stations=40,
        seconds=10.0,
        every=PACE / 6,
        faults=frozenset({Fault.DUPLICATE, Fault.LOSE, Fault.REORDER}),
    )
    crew = Crew(plan, broker.url, 1, tmp_path)
    ended = crew.run(plan.seconds + SETTLE_SECONDS, strike)
    assert due == []
    database = PostgresDatabase(url)
    assert (ended.settled, beside_store(database, crew.truth())) == (True, [])
    database.close()
    assert all(_segments(port) for port in ports[1:])
    assert [program.stop() for program in programs] == [0] * HUBS


def _segments(port: int) -> float:
    """How many segments this hub stored."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        found = re.search(r'^checkpoint_hub_messages_total{name="segment"} (\S+)', answer.read().decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


def _hub(folder: Path, name: str, broker: str, store: str, port: int) -> Program:
    toml = folder / f"{name}.toml"
    toml.write_text(HUB.format(folder=folder / name, broker=broker, name=name, store=store, port=port))
    return Program(folder, name, "hub", "run", "--config", str(toml))
