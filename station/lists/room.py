"""The lists a station holds: taken from the hub, kept over restarts, asked about every pass."""

import hashlib
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from station.domain.lists import ListHit, ListState, ListView
from station.domain.moment import Moment
from station.domain.passes import Pass
from station.domain.times import utc_text
from station.lists.believed import Believed, Keys
from station.lists.shelf import Shelf, Stored
from station.lists.snapshot import Snapshot, snapshot, usable
from station.lists.versions import HeldVersions, VersionAhead, check_version, is_ahead
from station.passes.digests import Digests
from station.passes.signed_lists import (
    ListError,
    Listing,
    ListName,
    Place,
    SignedList,
    UnknownSigner,
    claimed,
    read,
)
from station.passes.trust import TrustList

_log = logging.getLogger(__name__)
TRY_DISK_EVERY = 10.0
ORPHANED = "its signer is in no trust list and not in the trust folder"


@dataclass(frozen=True, slots=True)
class _Held:
    signed: SignedList
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A list that may be taken later: its signer is not believed yet, or its version lies ahead of the clock."""

    message: bytes
    ahead: Listing | None


class Lists:
    """``receive`` is the outbox's, ``hits`` and ``trust`` are the lanes', the rest is housekeeping's: any thread may
    call any of them, and a lane never waits for a list being read."""

    def __init__(self, shelf: Shelf, roots: TrustList, digests: Digests | None, now: Callable[[], Moment]) -> None:
        self._shelf, self._keys, self._digests, self._now = shelf, Keys(roots, now), digests, now
        self._lock = threading.Lock()
        self._held: dict[Place, _Held] = {}
        self._refused: dict[Place, str] = {}
        self._waiting: dict[Place, _Waiting] = {}
        self._waiting_since: Believed | None = None
        self._versions = HeldVersions()
        self._unsaved: dict[Place, Stored] = {}
        self._disk_fault, self._tried_disk = "", float("-inf")
        self._snapshot = Snapshot()
        self._load()

    # What the lanes ask

    def hits(self, shown: Pass) -> frozenset[ListHit]:
        """What the newest lists have on a pass."""
        return self._snapshot.hits(shown)

    def trust(self) -> TrustList:
        """The keys that passes and orders are checked with now, each with what it may sign."""
        return self._believed().keys

    # What comes from the hub

    def receive(self, station: str, name: str, message: bytes) -> None:
        """Take a list that was found under ``list/<name>`` for ``station``. One that is not believed is refused and
        told, and the one held is kept. A kind of list that only a newer hub has is passed over."""
        place = next((p for p in self._shelf.places() if (p.station, p.name.value) == (station, name)), None)
        if place is None:
            return
        with self._lock:
            self._consider(place, message)
            if place.name is ListName.TRUST:
                self._consider_waiting()

    def _consider(self, place: Place, message: bytes) -> None:
        refused_before = self._refused.pop(place, "")
        self._waiting.pop(place, None)
        try:
            self._take(place, message)
        except ListError as error:
            self._refused[place] = str(error)
            if isinstance(error, UnknownSigner | VersionAhead):
                ahead = claimed(message, place) if isinstance(error, VersionAhead) else None
                self._waiting[place] = _Waiting(message, ahead)
            if str(error) != refused_before:  # once for each reason: what is retained comes at every connection
                _log.warning("list %s refused: %s", _spoken(place), error)

    def _consider_waiting(self) -> None:
        """The broker hands out lists in no order: one may come before the trust list that names its signer."""
        self._waiting_since = self._believed()
        for place, waiting in list(self._waiting.items()):
            self._consider(place, waiting.message)

    def _take(self, place: Place, message: bytes) -> None:
        held, fingerprint = self._held.get(place), hashlib.sha256(message).digest()
        if held is not None and held.fingerprint == fingerprint:
            return
        now = self._now()
        signed = read(message, place, self._believed().keys.candidates)
        check_version(signed.listing, held.signed.listing if held else None, now)
        if held is not None:
            self._check_newer(signed, held.signed, now)
        if signed in self._keys.orphaned([*(h.signed for p, h in self._held.items() if p != place), signed]):
            raise ListError(ORPHANED)
        self._hold(signed, fingerprint)
        self._unsaved[place] = Stored(signed, message)
        self._save()
        _log.info("list %s taken: version %d, %d entries", _spoken(place), signed.listing.version, signed.listing.size)

    def _check_newer(self, new: SignedList, held: SignedList, now: Moment) -> None:
        """Never back to an older list, unless the one held is of a key that is believed no longer, or has a version
        that no hub gives."""
        version, before = new.listing.version, held.listing.version
        if version > before or not self._believed().believes(held) or self._versions.gives_way(held.listing, now):
            return
        if version == before:
            raise ListError(f"version {version} is held already, with other content")
        raise ListError(f"version {version} is older than {before}, which is held")

    def _hold(self, signed: SignedList, fingerprint: bytes) -> None:
        self._held[signed.listing.place] = _Held(signed, fingerprint)
        self._snapshot = snapshot((held.signed for held in self._held.values()), self._digests)

    def _believed(self) -> Believed:
        return self._keys.believed(self._snapshot.keys)

    # What housekeeping does and shows

    def tend(self) -> None:
        """Write what the disk did not take, and look again at lists whose signer's or version's time may have come."""
        with self._lock:
            now = self._now()
            self._versions.watch((held.signed.listing for held in self._held.values()), now)
            if self._unsaved and self._now().monotonic - self._tried_disk >= TRY_DISK_EVERY:
                self._save()
            come = now.trusted and any(w.ahead and not is_ahead(w.ahead, now) for w in self._waiting.values())
            if self._waiting and (come or self._waiting_since is not self._believed()):
                self._consider_waiting()

    def views(self) -> tuple[ListView, ...]:
        now, believed = self._now(), self._believed()
        return tuple(_view(signed, self._state(signed, now, believed)) for signed in self._in_order())

    def versions(self) -> Mapping[str, int]:
        """By name; a list for this station alone is ``<station>/<name>``."""
        return {_spoken(signed.listing.place): signed.listing.version for signed in self._in_order()}

    @property
    def fault(self) -> str:
        """What is wrong with lists, in one line; empty when nothing is."""
        with self._lock:
            faults = [f"{place.name}: {why}" for place, why in self._refused.items()]
            disk = [self._disk_fault] if self._disk_fault else []
        unusable = [
            f"{signed.listing.place.name}: made with a list_key that is not this station's; give it the district's"
            for signed in self._in_order()
            if not usable(signed.listing.body, self._digests)
        ]
        now = self._now()
        leaped = [
            f"{signed.listing.place.name}: holds version {signed.listing.version}, which lies too far ahead; "
            "it is used until the hub sends another: station list renew"
            for signed in self._in_order()
            if is_ahead(signed.listing, now)
        ]
        return "; ".join(faults + unusable + leaped + disk)

    def _in_order(self) -> list[SignedList]:
        with self._lock:
            held = [item.signed for item in self._held.values()]
        return sorted(held, key=lambda signed: (signed.listing.place.name, signed.listing.place.own))

    def _state(self, signed: SignedList, now: Moment, believed: Believed) -> ListState:
        if not usable(signed.listing.body, self._digests):
            return ListState.UNUSABLE
        late = now.trusted and now.utc >= signed.listing.expires
        return ListState.STALE if late or not believed.believes(signed) else ListState.CURRENT

    # Disk

    def _load(self) -> None:
        """What was accepted once is held, as far as it is undamaged and its trust holds."""
        found = [stored for place in self._shelf.places() if (stored := self._stored(place))]
        orphaned = self._keys.orphaned(stored.signed for stored in found)
        for stored in found:
            if stored.signed in orphaned:
                self._refused[stored.signed.listing.place] = ORPHANED
            else:
                self._hold(stored.signed, hashlib.sha256(stored.message).digest())

    def _stored(self, place: Place) -> Stored | None:
        try:
            return self._shelf.load(place)
        except ListError as error:
            self._refused[place] = str(error)
            return None

    def _save(self) -> None:
        self._tried_disk = self._now().monotonic
        try:
            for place, stored in list(self._unsaved.items()):
                self._shelf.keep(stored)
                del self._unsaved[place]
        except OSError as error:
            self._disk_fault = f"lists cannot be kept over a restart: {error}"
        else:
            self._disk_fault = ""


def _spoken(place: Place) -> str:
    return f"{place.station}/{place.name}" if place.own else place.name.value


def _view(signed: SignedList, state: ListState) -> ListView:
    listing = signed.listing
    return ListView(
        name=listing.place.name,
        own=listing.place.own,
        version=listing.version,
        size=listing.size,
        issued_at=utc_text(listing.issued_at, "auto"),
        expires=utc_text(listing.expires, "auto"),
        state=state,
    )
