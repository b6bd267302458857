"""What the broker keeps under a topic, taken away from it."""

import time
from collections.abc import Iterable
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.reasoncodes import ReasonCode

from station.config import BrokerSection
from station.hub.client import connect, new_client

ANSWER_SECONDS = 10.0


class RetainedKept(Exception):
    """The broker keeps it still; it says why and what to do."""


def clear_retained(broker: BrokerSection, client_id: str, topics: Iterable[str]) -> None:
    """:raises RetainedKept: the broker cannot be reached, or refuses."""
    client, waiting, refused = new_client(client_id), set[int](), list[str]()

    def on_connect(_: Client, __: Any, ___: Any, reason: ReasonCode, ____: Any) -> None:
        if reason.is_failure:
            refused.append(str(reason))
            return
        waiting.update(client.publish(topic, b"", qos=1, retain=True).mid for topic in topics)
        waiting.discard(0)

    def on_publish(_: Client, __: Any, mid: int, reason: ReasonCode, ____: Any) -> None:
        if reason.is_failure:
            refused.append(f"{reason}; give the hub the rights of firmware_config/mosquitto/hub.acl")
        waiting.discard(mid)

    waiting.add(0)  # nothing is published yet
    client.manual_ack_set(False)
    client.on_connect, client.on_publish = on_connect, on_publish
    try:
        connect(client, broker)
    except OSError as error:
        raise RetainedKept(f"cannot reach the broker at {broker.url}: {error}") from None
    deadline = time.monotonic() + ANSWER_SECONDS
    while waiting and not refused and time.monotonic() < deadline:
        client.loop(0.2)
    client.disconnect()
    client.loop(0.2)
    if refused or waiting:
        raise RetainedKept(f"the broker at {broker.url}: {refused[0] if refused else 'it does not answer'}")
