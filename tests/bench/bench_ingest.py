"""``ingest``: what the hub takes in and stores for good, beside mosquitto_sub that throws the very same away.

The broker holds the messages for both while neither is there; each is timed from coming to having them all. So it is
the subscriber's own speed and nobody's who publishes.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from broker import Broker
from hub_running import DISTRICT, Hub
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from pairing import Laps, interleaved, ratio
from plan import Plan
from simulated import a_plan
from tables import Table

from station.messages import ROOT, Ack, encode
from station.runtime import collect_garbage_seldom
from station.simulation.voice import Saying, Voice

STATIONS = 7102  # one message of each a slice, so none is superseded by a newer one
COLUMNS = ("way", "messages/s", "wall ms", "cpu ms", "hub / raw (wall)")
HUB, RAW = "hub, stored", "mosquitto_sub > /dev/null"
Work = Sequence[tuple[str, Saying]]
_QOS = {"live": "0", "segment": "1"}  # as the hub's own subscriptions
_QUEUED = ("max_queued_messages 0", "max_inflight_messages 0", "queue_qos0_messages true")
_TOPICS = {"live": f"{ROOT}/{DISTRICT}/up/+/live", "segment": f"$share/{{group}}/{ROOT}/{DISTRICT}/up/+/segment"}


def measure(plan: Plan) -> list[Table]:
    with tempfile.TemporaryDirectory(dir=plan.folder, prefix="ingest-") as folder:
        broker = Broker(Path(folder) / "broker", *_QUEUED)
        try:
            return [_table(name, _race(Path(folder) / name, broker, name, plan.ingested)) for name in _TOPICS]
        finally:
            broker.stop()


def said(name: str, count: int) -> list[tuple[str, Saying]]:
    """Live frames or segments of stations of four lanes, some traffic in each."""
    voices = [Voice(a_plan(lanes=4, every=1.0, seconds=10.0**6, segment_seconds=0.0), at) for at in range(STATIONS)]
    found: list[tuple[str, Saying]] = []
    now = 0.0
    while len(found) < count:
        now += 10.0
        for voice in voices:
            voice.site.advance(now)
            found += [(voice.name, saying) for saying in voice.say(now) if saying.name == name]
            _acknowledge(voice, now)
    return found[:count]


def _acknowledge(voice: Voice, now: float) -> None:
    """Everything so far, as a hub would."""
    ledger = voice.site.ledger
    ids = tuple(ledger.segment(number).id for number in range(ledger.acked + 1, ledger.last + 1))
    voice.hear("ack", encode(Ack(ledger.epoch, ledger.last, segments=ids)), now)


class Sides:
    """Both subscribers' sessions at one broker, and who publishes while they are away."""

    def __init__(self, folder: Path, broker: Broker, name: str) -> None:
        self._folder, self._broker, self._name = folder, broker, name
        self._publisher = Client(CallbackAPIVersion.VERSION2, "bench", protocol=MQTTProtocolVersion.MQTTv5)
        self._publisher.max_queued_messages_set(0)
        self._publisher.connect("127.0.0.1", broker.port)
        self._publisher.loop_start()
        self._raw(0)
        self.hub(())

    def publish(self, work: Work) -> None:
        sent = [
            self._publisher.publish(f"{ROOT}/{DISTRICT}/up/{station}/{one.name}", one.payload, qos=1)
            for station, one in work
        ]
        for one in sent:
            one.wait_for_publish(60)

    def hub(self, work: Work) -> None:
        """A whole hub comes, stores all of it, and leaves; its session stays."""
        hub = Hub(self._broker.url, self._folder)
        stored = hub.metrics.messages.labels(self._name)._value
        while not hub.connection.link.connected or stored.get() < len(work):
            hub.collector.step()
        hub.connection.close()
        hub.database.close()

    def raw(self, work: Work) -> None:
        self._raw(len(work))

    def close(self) -> None:
        self._publisher.disconnect()
        self._publisher.loop_stop()

    def _raw(self, count: int) -> None:
        """With none to take it subscribes and leaves."""
        until = ("-C", str(count)) if count else ("-E",)
        topic = _TOPICS[self._name].format(group="raw")
        session = ("-V", "5", "-c", "-i", f"raw-{self._name}", "-x", "600", "-q", _QOS[self._name])
        command = ["mosquitto_sub", "-p", str(self._broker.port), *session, "-t", topic, *until]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True, timeout=120)


def _race(folder: Path, broker: Broker, name: str, count: int) -> dict[str, Laps]:
    sides = Sides(folder, broker, name)
    size = min(STATIONS, max(1, count // 6))
    work = said(name, count)
    slices = (work[at : at + size] for at in range(0, count, size))
    contenders: dict[str, Callable[[Work], object]] = {HUB: sides.hub, RAW: sides.raw}
    with collect_garbage_seldom():  # as `station hub run` does
        laps = interleaved(contenders, _published(slices, sides), cpu=_cpu, wall=time.perf_counter)
    sides.close()
    return laps


def _cpu() -> float:
    """Of this process, where the hub runs, and of the subscribers that have ended."""
    return sum(os.times()[:4])


def _published(slices: Iterable[Work], sides: Sides) -> Iterator[Work]:
    """Each slice, once the broker holds it for both."""
    for work in slices:
        sides.publish(work)
        yield work


def _table(name: str, laps: dict[str, Laps]) -> Table:
    raw = laps[RAW]
    rows = tuple(
        (way, own.per_second, own.wall_median_ms, own.cpu_median_ms, ratio(raw.wall, own.wall))
        for way, own in laps.items()
    )
    return Table(f"ingest: {name}", COLUMNS, rows, (f"{raw.items:,} messages each, of {STATIONS} stations",))
