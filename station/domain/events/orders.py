"""What a station did with an order, each step as a row of its own. The steps go up as receipts, without the text."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from station.domain.events.event import Event, UpTopic
from station.domain.orders import Urgency


class OrderRefusal(StrEnum):
    FORGED = "forged"
    UNKNOWN_SIGNER = "unknown_signer"
    MALFORMED = "malformed"
    NOT_ADDRESSED = "not_addressed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class OrderReceived(Event):
    """The whole order, so that a restart finds it here. Its text may name somebody."""

    KIND: ClassVar = "order_received"
    SEALED: ClassVar = frozenset({"zh", "en"})
    TOPIC: ClassVar = UpTopic.RECEIPT
    TOLD: ClassVar = ("order",)

    order: str
    level: tuple[str, ...]
    urgency: Urgency
    issued_at: str
    expires: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class OrderShown(Event):
    """It stood on a screen."""

    KIND: ClassVar = "order_shown"
    TOPIC: ClassVar = UpTopic.RECEIPT
    TOLD: ClassVar = ("order",)

    order: str


@dataclass(frozen=True, slots=True)
class OrderAcknowledged(Event):
    """Who did it is the row's operator, and stays at the station."""

    KIND: ClassVar = "order_acknowledged"
    TOPIC: ClassVar = UpTopic.RECEIPT
    TOLD: ClassVar = ("order",)

    order: str


@dataclass(frozen=True, slots=True)
class OrderRefused(Event):
    """``order`` is what the message called itself, which nobody has proved; empty where it said nothing readable."""

    KIND: ClassVar = "order_refused"
    TOPIC: ClassVar = UpTopic.RECEIPT
    TOLD: ClassVar = ("order", "reason")

    order: str
    reason: OrderRefusal
