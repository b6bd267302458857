"""The station's own duties on a real ledger, with a clock that a test moves and what the screen would get."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from lanes import ZONE, HandClock
from made import KEY, NOON, TRUST

from station.domain.orders import Order, Urgency
from station.duty.incidents import Incidents, Photography
from station.duty.inspections import Inspections
from station.duty.orders import Orders, Post
from station.duty.writing import EventWriter
from station.feed import Feed
from station.ledger import Events, Ledger
from station.ledger.events import TOLD_TO_THE_HUB
from station.passes import TrustList
from station.passes.signed_orders import sign

POST = Post("pingyuan", "g107-bridge-north", ("pingyuan", "qiaobei"))


@dataclass
class DutyRig:
    folder: Path
    clock: HandClock = field(default_factory=HandClock)
    trust: TrustList = TRUST
    photograph: Callable[[str], bytes | None] | None = None  # None: the policy allows no pictures

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.ledger, self.feed = Ledger(self.folder, ZONE), Feed()
        self.events, writer = Events(self.ledger), EventWriter(self.ledger, self.clock)
        photography = Photography(self.photograph, self.ledger.photographs) if self.photograph else None
        self.incidents = Incidents(writer, self.events, ("1", "2"), self.feed, photography)
        self.inspections = Inspections(writer, self.events)
        self.orders = Orders(POST, lambda: self.trust, writer, self.events, self.feed)

    def restart(self) -> None:
        self.events.close()
        self.ledger.close()
        self.start()

    def shows(self, topic: str) -> list[Mapping[str, Any]]:
        (listed,) = self.feed.changes(0, 0)[1][topic].values()
        return list(listed)

    def told(self) -> list[tuple[str, dict[str, str]]]:
        """What goes up to the hub, in order."""
        return [(row.event.KIND, row.told()) for row in self.events.of(TOLD_TO_THE_HUB)]


def an_order(number: int = 1, hours: float = 12, key: Ed25519PrivateKey = KEY, **changes: Any) -> bytes:
    """The message of an order written at noon."""
    known: dict[str, Any] = {
        "id": f"order-{number}",
        "district": POST.district,
        "level": ("pingyuan",),
        "urgency": Urgency.URGENT,
        "issued_at": NOON - timedelta(hours=1),
        "expires": NOON + timedelta(hours=hours),
        "zh": "一号车道暂停放行。",
        "en": "Stop lane 1.",
    }
    return sign(Order(**(known | changes)), key)
