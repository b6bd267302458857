"""Whether the hub does its work: it hears the stations, and it can write down what they say."""

from typing import Any

from station.hub.collector import Collector
from station.hub.connection import Connection
from station.hub.store import Store


def health(connection: Connection, collector: Collector, store: Store) -> tuple[bool, dict[str, Any]]:
    """True only if the broker is connected and the store takes writes; and the details, ready for JSON."""
    link, fault = connection.link, collector.fault or store.fault()
    healthy = link.connected and not fault
    return healthy, {
        "healthy": healthy,
        "broker": {"connected": link.connected, "fault": link.fault},
        "store": {"writable": not fault, "fault": fault},
    }
