"""Fixtures for every room."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from broker import Broker
from hypothesis import HealthCheck, settings

# These machines are shared: how long drawing an example takes says nothing about the code.
settings.register_profile("station", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("station")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A real mosquitto on an ephemeral loopback port."""
    broker = Broker(tmp_path / "broker")
    yield broker
    broker.stop()
