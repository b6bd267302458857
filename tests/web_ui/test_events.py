"""The event stream: everything first, then changes; it ends with the station and never locks a page out."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from web_ui.kiosk import events


def chunks(client: FlaskClient) -> Iterator[str]:
    response = client.get("/events", buffered=False)
    assert response.mimetype == "text/event-stream"
    return (chunk.decode() if isinstance(chunk, bytes) else chunk for chunk in response.response)


def spoken(stream: Iterator[str]) -> Iterator[str]:
    return (chunk for chunk in stream if chunk)


def views(text: str) -> dict[str, Any]:
    lines = [line.removeprefix("data: ") for line in text.splitlines() if line.startswith("data: ")]
    return {event["topic"]: event["view"] for event in map(json.loads, lines)}


def test_a_stream_begins_with_the_pages_token_and_everything_there_is(client: FlaskClient, station: Any) -> None:
    stream = spoken(chunks(client))
    greeting = next(stream)
    assert greeting.startswith("retry: 1000\n\n")
    assert views(greeting)["page"]["token"]
    assert views(greeting)["page"]["at"] == station.now.isoformat()
    everything = next(stream)
    said = views(everything)
    assert said.keys() == {"station", "lane/1", "duty"}
    assert (said["station"], said["lane/1"]) == ({"name": "桥"}, {"lane": "1", "passage": None})
    assert "id: 3\n" in everything


def test_a_change_is_sent_alone(client: FlaskClient, station: Any) -> None:
    stream = spoken(chunks(client))
    next(stream), next(stream)
    station.feed.publish("lane/1", {"lane": "1", "passage": 5})
    assert views(next(stream)) == {"lane/1": {"lane": "1", "passage": 5}}


def test_a_quiet_stream_beats_with_the_stations_time(
    client: FlaskClient, station: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "BEAT_SECONDS", 0.1)
    monkeypatch.setattr(events, "SLICE_SECONDS", 0.05)
    stream = spoken(chunks(client))
    next(stream), next(stream)
    beat = next(stream)
    assert beat.startswith(": beat\n")
    assert views(beat)["beat"] == {"at": station.now.isoformat()}


def test_a_stream_ends_when_the_station_closes(client: FlaskClient, station: Any) -> None:
    stream = spoken(chunks(client))
    next(stream), next(stream)
    station.feed.close()
    assert list(stream) == []


def test_the_fifth_stream_of_a_browser_evicts_its_oldest_and_tells_it(client: FlaskClient) -> None:
    client.get("/")  # which hands out the session
    streams = [spoken(chunks(client)) for _ in range(events.MOST_OF_ONE_SESSION + 1)]
    for stream in streams:
        next(stream)
    rest = "".join(streams[0])
    assert views(rest)["page"]["evicted"] is True
    assert "lane/1" in views(next(streams[1]))


def test_the_page_has_its_stream_whoever_else_opens_streams(client: FlaskClient) -> None:
    client.get("/")
    own = spoken(chunks(client))
    next(own)
    for stranger in [spoken(chunks(client.application.test_client())) for _ in range(24)]:  # each without a session
        next(stranger)
    assert "lane/1" in views(next(own))
