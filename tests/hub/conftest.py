"""A real store in a real file, and the questions asked of it."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hub_messages import NOW

from station.hub.queries import Queries
from station.hub.store import SqliteStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "hub")
    yield store
    store.close()


@pytest.fixture
def queries(store: SqliteStore) -> Queries:
    return Queries(store.path, "pingyuan", ZoneInfo("Asia/Shanghai"), lambda: NOW)
