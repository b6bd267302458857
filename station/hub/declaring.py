"""Declarations to signed passes. Nothing is kept: the pass itself, as its holder's phone shows it, is the memory."""

import base64
import binascii
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import base45
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station import passes
from station.domain.declaration import Declaration
from station.domain.details import DeclarationDetails, ManifestDetails
from station.domain.passes import Attestation, Must, Pass, PassKind, TrafficKind
from station.domain.trips import Trip
from station.passes import TrustList, cp1

CLOCKS_DIFFER = timedelta(minutes=5)
"""A pass is good from so long before it was signed: a station's clock may be behind the hub's."""
LONGEST_REFERENCE = 2000
_ID_BYTES = 8


class Declaring:
    """A reference is a pass's bytes in the alphabet of web addresses: whoever has it has the pass."""

    def __init__(self, key: Ed25519PrivateKey, district: str, lasts: timedelta, now: Callable[[], datetime]) -> None:
        self._key = key
        self._district = district
        self._lasts = lasts
        self._now = now
        self._trust = TrustList([key.public_key()])

    def declare(self, said: Declaration) -> str:
        """Sign what was declared. :return: the new pass's reference."""
        now = self._now()
        new = Pass(
            format=cp1.Cp1.name,
            kind=PassKind.DECLARATION,
            id=secrets.token_hex(_ID_BYTES),
            issuer=self._district,
            issued_at=now,
            not_before=now - CLOCKS_DIFFER,
            expires=now + self._lasts,
            plate=said.plate,
            traffic=said.traffic,
            party=said.party,
            origin=said.origin,
            musts=_declared(said.musts),
            details=DeclarationDetails(said.itinerary) if said.itinerary else None,
        )
        return _reference(cp1.issue(new, self._key))

    def open(self, reference: str) -> tuple[str, Pass] | None:
        """The text and the pass of a reference; None for anything this district did not sign."""
        text = _text(reference)
        found = passes.read(text.encode(), text, self._trust)
        return (text, found) if isinstance(found, Pass) else None

    def manifest(self, trip: Trip) -> tuple[str, Pass]:
        """A bus's pass: another one only after somebody declared, so that the code on the phone stays the same."""
        new = Pass(
            format=cp1.Cp1.name,
            kind=PassKind.MANIFEST,
            id=trip.pass_id,
            issuer=self._district,
            issued_at=trip.changed,
            not_before=trip.started - CLOCKS_DIFFER,
            expires=trip.expires,
            plate=trip.plate,
            traffic=TrafficKind.BUS,
            party=trip.seats,
            origin=trip.origin,
            musts=_declared(trip.musts),
            details=ManifestDetails(trip.seats, trip.declared),
        )
        return cp1.issue(new, self._key), new


def _declared(musts: frozenset[Must]) -> dict[Must, Attestation]:
    return {must: Attestation.DECLARED for must in Must if must in musts}


def _reference(text: str) -> str:
    signed: bytes = base45.b45decode(text.removeprefix(cp1.PREFIX))
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def _text(reference: str) -> str:
    """The pass's text; of what is no reference, a text that is no pass."""
    if len(reference) > LONGEST_REFERENCE:
        return ""
    try:
        signed = base64.b64decode(reference + "=" * (-len(reference) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return ""
    text: bytes = base45.b45encode(signed)
    return cp1.PREFIX + text.decode()
