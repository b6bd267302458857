"""Everything the lists say, at one moment. Immutable: lanes ask one while the next is being made."""

from collections.abc import Iterable
from dataclasses import dataclass

from station.domain.lists import ListHit
from station.domain.passes import Pass, PassKind
from station.passes.digests import Digests, id_entry
from station.passes.entries import Entries
from station.passes.listed_keys import ListedKey
from station.passes.signed_lists import Body, Digested, ListName, Revocations, SignedList, Trusted


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A list for every station and one for this station alone are both asked."""

    revoked: tuple[Entries, ...] = ()
    watched: tuple[Entries, ...] = ()
    residents: tuple[Entries, ...] = ()
    keys: tuple[ListedKey, ...] = ()
    digests: Digests | None = None

    def hits(self, shown: Pass) -> frozenset[ListHit]:
        found = (self._revoked(shown), self._watched(shown), self._not_resident(shown))
        return frozenset(hit for hit in found if hit)

    def _revoked(self, shown: Pass) -> ListHit | None:
        return ListHit.REVOKED if _in_any(self.revoked, id_entry(shown.id)) else None

    def _watched(self, shown: Pass) -> ListHit | None:
        if self.digests is None or not self.watched:
            return None
        digests = self.digests.watched(shown)
        return ListHit.WATCHED if any(_in_any(self.watched, digest) for digest in digests) else None

    def _not_resident(self, shown: Pass) -> ListHit | None:
        """Only a resident's pass can be of a household that is not on the list."""
        if self.digests is None or not self.residents or shown.kind is not PassKind.RESIDENT:
            return None
        household = self.digests.resident(shown)
        return None if household and _in_any(self.residents, household) else ListHit.NOT_RESIDENT


def usable(body: Body, digests: Digests | None) -> bool:
    """Digests under a key that is not here can never match."""
    return not isinstance(body, Digested) or (digests is not None and digests.key_id == body.key_id)


def snapshot(held: Iterable[SignedList], digests: Digests | None) -> Snapshot:
    listings = [signed.listing for signed in held if usable(signed.listing.body, digests)]

    def entries(name: ListName) -> tuple[Entries, ...]:
        bodies = (listing.body for listing in listings if listing.place.name is name)
        return tuple(body.entries for body in bodies if isinstance(body, Revocations | Digested))

    return Snapshot(
        revoked=entries(ListName.REVOCATIONS),
        watched=entries(ListName.WATCHLIST),
        residents=entries(ListName.RESIDENTS),
        keys=tuple(key for listing in listings if isinstance(listing.body, Trusted) for key in listing.body.keys),
        digests=digests,
    )


def _in_any(lists: tuple[Entries, ...], entry: bytes) -> bool:
    return any(entry in entries for entries in lists)
