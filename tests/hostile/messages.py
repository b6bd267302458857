"""Fuzzed MQTT: in the name of hostile stations, and down to the real one as if the hub had said it."""

import random
from collections import Counter

from fuzzing import hub_messages_target, signed_target, station_messages_target
from paho.mqtt.client import Client, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from waiting import until

from hostile.drawn import drawn
from hostile.turn import paced
from station.commands.demo_site import DISTRICT, STATION
from station.messages import ALL, Down, Up

HOSTILE_STATIONS = ("hostile-1", "hostile-2", "hostile-3")
A_SECOND, DRAWN = 100, 300
STRANGE_NAMES = ("", "state/x", "segment/1", "unknown", "桥", "list/" + "x" * 200)


class Messages:
    name = "mqtt"

    def __init__(self, port: int) -> None:
        self._port = port

    def missing(self) -> str:
        return ""

    def play(self, seed: int, seconds: float) -> Counter[str]:
        chance, sent = random.Random(seed), Counter[str]()
        published = [
            *(
                (f"up {name}", self._up(chance, name), payload)
                for name, payload in self._drawn(hub_messages_target, seed)
            ),
            *((f"down {name}", f"{self._down(chance)}{name}", payload) for name, payload in self._to_station(seed)),
        ]
        chance.shuffle(published)
        client = _connected(self._port)
        try:
            last = None
            for what, topic, payload in paced(published, A_SECOND, seconds):
                last = client.publish(topic, payload, qos=1, retain=what.startswith("up") and chance.random() < 0.3)
                sent[f"mqtt {what}"] += 1
            if last is not None:
                _until_published(last)
            for station in HOSTILE_STATIONS:  # what is retained would stay for good
                for name in hub_messages_target.CORPUS:
                    client.publish(Up(DISTRICT, station)(name), b"", qos=1, retain=True).wait_for_publish(5)
        finally:
            client.disconnect()
            client.loop_stop()
        return sent

    @staticmethod
    def _drawn(target: object, seed: int) -> list[tuple[str, bytes]]:
        return drawn(target.inputs, seed, DRAWN)  # type: ignore[attr-defined]

    def _to_station(self, seed: int) -> list[tuple[str, bytes]]:
        lists = [(f"list/{name}", payload) for name, payload in drawn(signed_target.lists, seed, DRAWN // 3)]
        orders = [("order", payload) for payload in drawn(signed_target.orders, seed, DRAWN // 3)]
        return [*self._drawn(station_messages_target, seed), *lists, *orders]

    @staticmethod
    def _up(chance: random.Random, name: str) -> str:
        strange = chance.random() < 0.03
        return Up(DISTRICT, chance.choice(HOSTILE_STATIONS))(chance.choice(STRANGE_NAMES) if strange else name)

    @staticmethod
    def _down(chance: random.Random) -> str:
        return Down(DISTRICT, chance.choice((STATION, STATION, ALL)))("")


def _connected(port: int) -> Client:
    client = Client(CallbackAPIVersion.VERSION2, "hostile", protocol=MQTTProtocolVersion.MQTTv5)
    client.connect("127.0.0.1", port)
    client.loop_start()
    until(client.is_connected, 10, "the broker takes the hostile client")
    return client


def _until_published(last: MQTTMessageInfo) -> None:
    last.wait_for_publish(10)
