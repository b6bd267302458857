"""The kiosk application over a station that remembers what it was told."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from remembering_station import RememberingStation

from web_ui.kiosk import create_app


@pytest.fixture
def station() -> Iterator[RememberingStation]:
    remembering = RememberingStation()
    yield remembering
    remembering.feed.close()


@pytest.fixture
def app(station: RememberingStation) -> Flask:
    return create_app(station.services())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
