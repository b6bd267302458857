"""What each of the district's keys may sign now: the trust folder's, as the trust lists limit and extend them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import and_

from station.domain.moment import Moment
from station.passes.listed_keys import ListedKey
from station.passes.roles import DistrictKey, KeyUse
from station.passes.signed_lists import SignedList, Trusted, use_of
from station.passes.trust import TrustList, key_digest

_BEGINNING, _END = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Believed:
    """``keys``: the keys with what they may sign now. Good until a key's time begins or ends, or the clock comes to be
    trusted."""

    keys: TrustList
    listed: tuple[ListedKey, ...]
    clock_trusted: bool
    since: datetime
    until: datetime

    def believes(self, signed: SignedList) -> bool:
        return any(self.keys.candidates(key_digest(signed.signer), use_of(signed.listing.place.name)))

    def still(self, listed: tuple[ListedKey, ...], now: Moment) -> bool:
        if self.listed is not listed or self.clock_trusted != now.trusted:
            return False
        return not now.trusted or self.since <= now.utc < self.until


class Keys:
    """Weighs the keys when something has changed, and else says what it said before: it is asked for every scan."""

    def __init__(self, roots: TrustList, now: Callable[[], Moment]) -> None:
        """:param roots: the keys in the trust folder."""
        self._roots, self._now = roots, now
        self._known = believed(roots, (), now())

    def believed(self, listed: tuple[ListedKey, ...]) -> Believed:
        now, known = self._now(), self._known
        if not known.still(listed, now):
            known = self._known = believed(self._roots, listed, now)
        return known

    def orphaned(self, held: Iterable[SignedList]) -> list[SignedList]:
        """Trust lists whose signer is no root: neither one of the trust folder nor, for a key that is not in the
        folder, one that a trust list names. Such a list hangs in the air: whoever took a key out of the folder meant
        what it had signed as well, and a key that lies in the folder for another use cannot name itself a root."""
        trust = [(signed, signed.listing.body.keys) for signed in held if isinstance(signed.listing.body, Trusted)]
        in_folder = {key_digest(known.key) for known in self._roots.district}
        listed = {key_digest(item.key) for _, keys in trust for item in keys if KeyUse.TRUST in item.role.uses}
        known = {key_digest(key.key) for key in self._roots.district if KeyUse.TRUST in key.uses}
        known |= listed - in_folder
        return [signed for signed, _ in trust if key_digest(signed.signer) not in known]


def believed(roots: TrustList, listed: tuple[ListedKey, ...], now: Moment) -> Believed:
    """A key that a trust list names is believed in its time and its role alone, also if its file is in the trust
    folder: that is how a district ends a key, or divides what it signs, at every station. The folder's roots may sign
    trust lists all the same, or a mistake in one list would lock every station out.

    While the clock cannot be trusted, every listed key counts: the rules hold such passes for the operator.
    """
    named: dict[bytes, list[ListedKey]] = {}
    for item in listed:
        named.setdefault(key_digest(item.key), []).append(item)
    keys = {key_digest(known.key): known for known in roots.district}
    for digest, items in named.items():
        in_time = not now.trusted or any(item.believed(now.utc) for item in items)
        uses = _common_uses(items) if in_time else frozenset[KeyUse]()
        if digest in keys:
            uses |= keys[digest].uses & {KeyUse.TRUST}
        keys[digest] = DistrictKey(items[0].key, uses)
    turns = {turn for item in listed for turn in (item.not_before, item.not_after)}
    return Believed(
        keys=roots.with_district(keys.values()),
        listed=listed,
        clock_trusted=now.trusted,
        since=max((turn for turn in turns if turn <= now.utc), default=_BEGINNING),
        until=min((turn for turn in turns if turn > now.utc), default=_END),
    )


def _common_uses(items: Iterable[ListedKey]) -> frozenset[KeyUse]:
    """A key that is named with two roles has what both grant: nothing, unless one of them is undivided."""
    return reduce(and_, (item.role.uses for item in items))
