"""The kiosk application over a real feed and a station that remembers what it was told."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from station.domain.commands import Command, Refusal, Refused
from station.feed import Feed
from web_ui.kiosk import KioskServices, create_app

PICTURE = b"\xff\xd8 a picture"


class RememberingStation:
    def __init__(self) -> None:
        self.feed = Feed()
        self.commands: list[tuple[str, Command]] = []
        self.refusal: Refusal | None = None
        self.jpeg: bytes | None = PICTURE
        self.healthy = True
        self.names: dict[tuple[str, int], str] = {}
        self.feed.publish("station", {"name": "桥"})
        self.feed.publish("lane/1", {"lane": "1", "passage": None})

    def command(self, lane: str, command: Command) -> dict[str, int]:
        self.commands.append((lane, command))
        if self.refusal:
            raise Refused(self.refusal)
        return {"id": 1, "row": 2}

    def services(self) -> KioskServices:
        return KioskServices(
            lanes=("1", "2"),
            changes=self.feed.changes,
            closed=lambda: self.feed.closed,
            picture=lambda lane: self.jpeg,
            command=self.command,
            name=lambda lane, passage: self.names.get((lane, passage), ""),
            health=lambda: (self.healthy, {"camera": "ok" if self.healthy else "lost"}),
            metrics=lambda: ("text/plain; version=0.0.4", b"up 1\n"),
        )


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
