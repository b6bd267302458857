"""Which of the district's keys are believed now: the trust folder's, as the trust lists limit and extend them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from station.domain.moment import Moment
from station.passes.listed_keys import KeyRole, ListedKey
from station.passes.signed_lists import ListName, Place, SignedList, Trusted
from station.passes.trust import TrustList, key_digest

_BEGINNING, _END = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Believed:
    """``passes``: who may sign passes and lists now; ``trust_lists``: who may sign trust lists; ``orders``: who may
    sign orders. Good until a key's time begins or ends, or the clock comes to be trusted."""

    passes: TrustList
    trust_lists: TrustList
    orders: TrustList
    listed: tuple[ListedKey, ...]
    clock_trusted: bool
    since: datetime
    until: datetime

    def signers(self, place: Place) -> TrustList:
        """Whose signature a list of this name may carry."""
        return self.trust_lists if place.name is ListName.TRUST else self.passes

    def believes(self, signed: SignedList) -> bool:
        return any(self.signers(signed.listing.place).candidates(key_digest(signed.signer)))

    def still(self, listed: tuple[ListedKey, ...], now: Moment) -> bool:
        if self.listed is not listed or self.clock_trusted != now.trusted:
            return False
        return not now.trusted or self.since <= now.utc < self.until


class Keys:
    """Weighs the keys when something has changed, and else says what it said before: it is asked for every scan."""

    def __init__(self, roots: TrustList, now: Callable[[], Moment]) -> None:
        self._roots, self._now = roots, now
        self._known = believed(roots, (), now())

    def believed(self, listed: tuple[ListedKey, ...]) -> Believed:
        now, known = self._now(), self._known
        if not known.still(listed, now):
            known = self._known = believed(self._roots, listed, now)
        return known

    def orphaned(self, held: Iterable[SignedList]) -> list[SignedList]:
        """Trust lists whose signer is neither in the trust folder nor in a trust list. Such a list hangs in the air:
        whoever took a key out of the folder meant what it had signed as well."""
        trust = [(signed, signed.listing.body.keys) for signed in held if isinstance(signed.listing.body, Trusted)]
        known = {key_digest(key) for key in self._roots.district}
        known |= {key_digest(listed.key) for _, keys in trust for listed in keys}
        return [signed for signed, _ in trust if key_digest(signed.signer) not in known]


def believed(roots: TrustList, listed: tuple[ListedKey, ...], now: Moment) -> Believed:
    """A key that a trust list names is believed in its time alone, also if its file is in the trust folder: that is
    how a district ends a key at every station. The folder's keys may sign trust lists all the same, or a mistake in
    one list would lock every station out.

    While the clock cannot be trusted, every listed key counts: the rules hold such passes for the operator.
    """
    named = {key_digest(item.key) for item in listed}
    unlimited = [key for key in roots.district if key_digest(key) not in named]
    known = [item for item in listed if not now.trusted or item.believed(now.utc)]
    valid = {key_digest(item.key): item.key for item in known if item.role is KeyRole.DISTRICT}
    turns = {turn for item in listed for turn in (item.not_before, item.not_after)}
    return Believed(
        passes=roots.with_district((*unlimited, *valid.values())),
        trust_lists=roots.with_district({key_digest(key): key for key in (*roots.district, *valid.values())}.values()),
        orders=roots.with_district((*unlimited, *{key_digest(item.key): item.key for item in known}.values())),
        listed=listed,
        clock_trusted=now.trusted,
        since=max((turn for turn in turns if turn <= now.utc), default=_BEGINNING),
        until=min((turn for turn in turns if turn > now.utc), default=_END),
    )
