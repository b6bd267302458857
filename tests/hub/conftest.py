"""A real store in a real database, once for each kind of database, and the questions asked of it."""

import pytest
from hub_messages import NOW, SHANGHAI
from storage import Storage

from station.hub.database import Database
from station.hub.queries import Queries
from station.hub.store import Store


@pytest.fixture
def database(storage: Storage) -> Database:
    return storage.open()


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database, SHANGHAI)


@pytest.fixture
def queries(database: Database) -> Queries:
    return Queries(database, "pingyuan", SHANGHAI, lambda: NOW)
