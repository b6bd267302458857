"""Made-up signed lists for tests, as the hub would write them at noon."""

from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from made import KEY, NOON

from station.clock import utc_now
from station.passes.digests import Digests, id_entry
from station.passes.entries import Entries
from station.passes.listed_keys import ListedKey
from station.passes.signed_lists import Body, Digested, Listing, ListName, Place, Revocations, Trusted, sign

DISTRICT = "pingyuan"
STATION = "g107-bridge-north"
DIGESTS = Digests(bytes(range(32)))


def place_of(name: ListName, station: str = "all", district: str = DISTRICT) -> Place:
    return Place(district, station, name)


def a_listing(name: ListName, body: Body, version: int = 1, station: str = "all", **changes: Any) -> Listing:
    known: dict[str, Any] = {"issued_at": NOON - timedelta(hours=1), "expires": NOON + timedelta(days=7)}
    district = changes.pop("district", DISTRICT)
    return Listing(place_of(name, station, district), version, body=body, **(known | changes))


def revoking(*ids: str, version: int = 1, key: Ed25519PrivateKey = KEY, **changes: Any) -> bytes:
    body = Revocations(Entries(map(id_entry, ids)))
    return sign(a_listing(ListName.REVOCATIONS, body, version, **changes), key)


def digested(name: ListName, *digests: bytes, version: int = 1, by: Digests = DIGESTS, **changes: Any) -> bytes:
    return sign(a_listing(name, Digested(by.key_id, Entries(digests)), version, **changes), KEY)


def trusting(
    *keys: Ed25519PrivateKey | ListedKey, version: int = 1, key: Ed25519PrivateKey = KEY, **changes: Any
) -> bytes:
    listed = tuple(item if isinstance(item, ListedKey) else believed(item) for item in keys)
    return sign(a_listing(ListName.TRUST, Trusted(listed), version, **changes), key)


def believed(key: Ed25519PrivateKey, hours_from: float = -1, hours_until: float = 24 * 365) -> ListedKey:
    """A key with its time, in hours from noon."""
    return ListedKey(key.public_key(), NOON + timedelta(hours=hours_from), NOON + timedelta(hours=hours_until))


def today(**changes: Any) -> dict[str, datetime]:
    """Times for a list that a station with a real clock reads."""
    now = utc_now().replace(microsecond=0)
    return {"issued_at": now, "expires": now + timedelta(days=7)} | changes
