"""An order as it travels: signed like a list (envelope.py), read by every station beneath its level."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from unicodedata import category

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.domain.events.orders import OrderRefusal
from station.domain.orders import LARGEST_ORDER, LONGEST_TEXT, Order, Urgency
from station.domain.times import utc_text
from station.passes.envelope import Envelope, EnvelopeError, json_object, open_envelope, seal, text_of
from station.passes.roles import KeyUse
from station.passes.trust import TrustList
from station.passes.wire import moment_of

MOST_LEVELS = 8  # seven, and a station's id
LONGEST_NAME = 80
_ID = re.compile(r"[a-z0-9][a-z0-9-]{3,39}")


class OrderError(ValueError):
    """An order that is not followed. ``order`` is what the message calls itself, empty where that cannot be read."""

    def __init__(self, why: OrderRefusal, detail: str, order: str = "") -> None:
        super().__init__(detail)
        self.why, self.order = why, order


def sign(order: Order, key: Ed25519PrivateKey) -> bytes:
    """The message that stations read. :raises OrderError: stations would refuse it."""
    said = {
        "order": order.id,
        "district": order.district,
        "level": order.level,
        "urgency": order.urgency.value,
        "issued_at": utc_text(order.issued_at, "seconds"),
        "expires": utc_text(order.expires, "seconds"),
        "zh": order.zh,
        "en": order.en,
    }
    message = seal(json.dumps(said, separators=(",", ":")).encode(), key)
    read(message, order.district, TrustList((key.public_key(),)))
    return message


def read(data: bytes, district: str, signers: TrustList) -> Order:
    """Whatever the bytes are, nothing but its own error comes out.

    :raises OrderError: malformed, signed by none of the ``signers`` that may sign orders, or another district's.
    """
    if len(data) > LARGEST_ORDER:
        raise OrderError(OrderRefusal.MALFORMED, f"{len(data)} bytes where an order has at most {LARGEST_ORDER}")
    try:
        envelope = open_envelope(data)
        said = json_object(envelope.payload, "the order")
        order_id = _id(said)
    except EnvelopeError as error:
        raise OrderError(OrderRefusal.MALFORMED, str(error)) from None
    _check_signer(envelope, signers, order_id)
    try:
        return _order(said, district, order_id)
    except EnvelopeError as error:
        raise OrderError(OrderRefusal.MALFORMED, str(error), order_id) from None


def _check_signer(envelope: Envelope, signers: TrustList, order: str) -> None:
    keys = tuple(signers.candidates(envelope.kid, KeyUse.ORDERS))
    if not keys:
        kid = envelope.kid.hex()[:16]
        raise OrderError(OrderRefusal.UNKNOWN_SIGNER, f"signed with the key {kid}, which is not believed", order)
    if envelope.signer(keys) is None:
        raise OrderError(OrderRefusal.FORGED, "the signature does not hold", order)


def _order(said: Mapping[str, Any], district: str, order_id: str) -> Order:
    if said.get("district") != district:
        raise OrderError(OrderRefusal.NOT_ADDRESSED, f"district: meant for another than {district}", order_id)
    issued_at, expires = _time(said, "issued_at"), _time(said, "expires")
    if not issued_at < expires:
        raise EnvelopeError("expires: a time after issued_at expected")
    zh, en = _text(said, "zh"), _text(said, "en")
    if not zh and not en:
        raise EnvelopeError("zh, en: a text in one of them expected")
    return Order(order_id, district, _level(said), _urgency(said), issued_at, expires, zh, en)


def _id(said: Mapping[str, Any]) -> str:
    order = text_of(said, "order")
    if not _ID.fullmatch(order):
        raise EnvelopeError("order: an id of a-z, 0-9 and - expected")
    return order


def _level(said: Mapping[str, Any]) -> tuple[str, ...]:
    level = said.get("level")
    if not isinstance(level, list) or not 1 <= len(level) <= MOST_LEVELS:
        raise EnvelopeError(f"level: 1 to {MOST_LEVELS} names expected")
    if not all(isinstance(name, str) and 0 < len(name) <= LONGEST_NAME for name in level):
        raise EnvelopeError(f"level: names of at most {LONGEST_NAME} characters expected")
    return tuple(level)


def _urgency(said: Mapping[str, Any]) -> Urgency:
    try:
        return Urgency(text_of(said, "urgency"))
    except ValueError:
        raise EnvelopeError(f"urgency: one of {', '.join(Urgency)} expected") from None


def _time(said: Mapping[str, Any], name: str) -> datetime:
    try:
        return moment_of(text_of(said, name))
    except (ValueError, OverflowError):
        raise EnvelopeError(f"{name}: RFC 3339 expected") from None


def _text(said: Mapping[str, Any], name: str) -> str:
    """Text for a screen: no control characters but line breaks, and nothing a database cannot hold."""
    text = said.get(name, "")
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise EnvelopeError(f"{name}: text of at most {LONGEST_TEXT} characters expected")
    if any(category(character)[0] == "C" and character != "\n" for character in text):
        raise EnvelopeError(f"{name}: readable text expected")
    return text.strip()
