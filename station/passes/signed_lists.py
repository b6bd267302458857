"""The lists a district signs: revocations, watchlist, residents, trust. Written by the hub, read by every station."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from station.domain.times import utc_text
from station.passes.entries import Entries
from station.passes.envelope import Envelope, EnvelopeError, json_object, open_envelope, seal, text_of
from station.passes.listed_keys import ListedKey, key_member, listed_key
from station.passes.roles import KeyUse
from station.passes.wire import base64url, from_base64url, moment_of

ALL = "all"
LARGEST_VERSION = 2**53 - 1  # what every JSON reader keeps exactly
MOST_KEYS = 100
Candidates = Callable[[bytes | None, KeyUse], Iterable[Ed25519PublicKey]]


class ListName(StrEnum):
    REVOCATIONS = "revocations"
    WATCHLIST = "watchlist"
    RESIDENTS = "residents"
    TRUST = "trust"


def use_of(name: ListName) -> KeyUse:
    """What a key has to be for, to sign such a list."""
    return KeyUse.TRUST if name is ListName.TRUST else KeyUse.LISTS


class ListError(ValueError):
    """A list that is not believed; the message says why and holds nothing of its content."""


class UnknownSigner(ListError):
    """Signed with a key that is not believed, at least not yet: the trust list that names it may be on its way."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list belongs: for one station or, with ``station`` "all", for every one of the district."""

    district: str
    station: str
    name: ListName

    @property
    def own(self) -> bool:
        return self.station != ALL


@dataclass(frozen=True, slots=True)
class Revocations:
    """Passes taken back, by ``digests.id_entry``."""

    entries: Entries


@dataclass(frozen=True, slots=True)
class Digested:
    """A watchlist or the residents, by ``digests.Digests`` under the key that ``key_id`` tells."""

    key_id: str
    entries: Entries


@dataclass(frozen=True, slots=True)
class Trusted:
    """The district's public keys, each with the time it is believed."""

    keys: tuple[ListedKey, ...]


Body = Revocations | Digested | Trusted


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list says. A higher ``version`` takes the place of a lower one; past ``expires`` a list is stale, and
    still better than none."""

    place: Place
    version: int
    issued_at: datetime
    expires: datetime
    body: Body

    @property
    def size(self) -> int:
        return len(self.body.keys) if isinstance(self.body, Trusted) else len(self.body.entries)


@dataclass(frozen=True, slots=True)
class SignedList:
    """A list whose signature holds."""

    listing: Listing
    signer: Ed25519PublicKey
    signature: bytes


def sign(new: Listing, key: Ed25519PrivateKey) -> bytes:
    """The message that stations read."""
    said = {
        "name": new.place.name,
        "district": new.place.district,
        "station": new.place.station,
        "version": new.version,
        "issued_at": utc_text(new.issued_at, "seconds"),
        "expires": utc_text(new.expires, "seconds"),
    }
    return seal(json.dumps(said | _body_members(new.body), separators=(",", ":")).encode(), key)


def read(data: bytes, place: Place, candidates: Candidates) -> SignedList:
    """Read a list found at ``place``. Whatever the bytes are, nothing but its own error comes out.

    :raises ListError: malformed, signed by none of the ``candidates`` for such a list, or meant for another place.
    """
    try:
        envelope = open_envelope(data)
        signer = _signer(envelope, tuple(candidates(envelope.kid, use_of(place.name))))
        return SignedList(_listing(envelope, place), signer, envelope.signature)
    except EnvelopeError as error:
        raise ListError(str(error)) from None


def claimed(data: bytes, place: Place) -> Listing:
    """What a list says, whoever signed it: for the hub, which reads its own folder and makes the next version.

    :raises ListError: malformed, or meant for another place.
    """
    try:
        return _listing(open_envelope(data), place)
    except EnvelopeError as error:
        raise ListError(str(error)) from None


def claimed_version(data: bytes) -> int:
    """The version alone, at a tenth of the cost. :raises ListError: malformed."""
    try:
        return _version(json_object(open_envelope(data).payload, "the list"))
    except EnvelopeError as error:
        raise ListError(str(error)) from None


def _listing(envelope: Envelope, place: Place) -> Listing:
    said = json_object(envelope.payload, "the list")
    _check_place(said, place)
    issued_at, expires = _time(said, "issued_at"), _time(said, "expires")
    if not issued_at < expires:
        raise ListError("expires: a time after issued_at expected")
    return Listing(place, _version(said), issued_at, expires, _body(said, place.name))


def _signer(envelope: Envelope, keys: tuple[Ed25519PublicKey, ...]) -> Ed25519PublicKey:
    if not keys:
        raise UnknownSigner(f"signed with the key {envelope.kid.hex()[:16]}, which is not believed")
    signer = envelope.signer(keys)
    if signer is None:
        raise ListError("the signature does not hold")
    return signer


def _check_place(said: Mapping[str, Any], place: Place) -> None:
    for name, expected in (("name", place.name.value), ("district", place.district), ("station", place.station)):
        if said.get(name) != expected:
            raise ListError(f"{name}: meant for another than {expected}")


def _version(said: Mapping[str, Any]) -> int:
    version = said.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= LARGEST_VERSION:
        raise ListError(f"version: a number from 1 to {LARGEST_VERSION} expected")
    return version


def _time(said: Mapping[str, Any], name: str) -> datetime:
    text = text_of(said, name)
    try:
        if datetime.fromisoformat(text).tzinfo is None:
            raise ValueError
        return moment_of(text)
    except (ValueError, OverflowError):
        raise ListError(f"{name}: RFC 3339 with an offset expected") from None


def _body(said: Mapping[str, Any], name: ListName) -> Body:
    match name:
        case ListName.REVOCATIONS:
            return Revocations(_entries(said))
        case ListName.WATCHLIST | ListName.RESIDENTS:
            return Digested(text_of(said, "key_id"), _entries(said))
        case ListName.TRUST:
            return Trusted(_keys(said))


def _entries(said: Mapping[str, Any]) -> Entries:
    try:
        return Entries.unpacked(from_base64url(text_of(said, "entries")))
    except EnvelopeError:
        raise
    except ValueError as error:
        raise ListError(f"entries: {error}") from None


def _keys(said: Mapping[str, Any]) -> tuple[ListedKey, ...]:
    members = said.get("keys")
    if not isinstance(members, list) or len(members) > MOST_KEYS:
        raise ListError(f"keys: at most {MOST_KEYS} keys expected")
    try:
        return tuple(listed_key(member) for member in members)
    except ValueError as error:
        raise ListError(f"keys: {error}") from None


def _body_members(body: Body) -> dict[str, Any]:
    match body:
        case Revocations(entries):
            return {"entries": base64url(entries.packed())}
        case Digested(key_id, entries):
            return {"key_id": key_id, "entries": base64url(entries.packed())}
        case Trusted(keys):
            return {"keys": [key_member(key) for key in keys]}
