"""Fixtures for every room."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from broker import Broker
from hypothesis import HealthCheck, settings
from postgres import Cluster, missing
from storage import PostgresStorage, SqliteStorage, Storage

pytest_plugins = ["scripted_line", "clock_marker", "open_databases"]

# These machines are shared: how long drawing an example takes says nothing about the code.
settings.register_profile("station", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("station")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A real PostgreSQL, begun when the first test asks for it."""
    if reason := missing():
        pytest.skip(reason)
    cluster = Cluster()
    yield cluster
    cluster.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """Where a hub keeps its tables: every test that uses it runs on both stores."""
    storage: Storage
    if request.param == "sqlite":
        storage = SqliteStorage(tmp_path / "hub")
    else:
        storage = PostgresStorage(request.getfixturevalue("cluster"))
    yield storage
    storage.close()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A real mosquitto on an ephemeral loopback port."""
    broker = Broker(tmp_path / "broker")
    yield broker
    broker.stop()
