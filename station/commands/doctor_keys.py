"""The keys that a station believes, as ``station doctor`` finds them, and how long they last."""

from collections.abc import Iterator
from datetime import datetime

from station.bootstrap import trust_of
from station.clock import utc_now
from station.commands.doctor_check import Check
from station.config import StationSection
from station.domain.condition import Condition
from station.passes import TrustList
from station.passes.wire import NEVER

_NAME = "trusted keys"
_REPLACE = "take what is no key out of trust_dir or put a good copy there, then: systemctl restart station"
_NAME_ROLE = "enough for an orders key; name another's role in the trust list, or move it to trust_dir/ROLE/"
_PUT = "put the district's public keys into trust_dir; no pass is valid yet"


def look_at_keys(station: StationSection) -> Check:
    found = trust_of(station)
    if found.faults:
        usable = f"{len(found.trust)} can be used; {'; '.join(found.faults)}"
        return Check(_NAME, False, usable, _REPLACE, Condition.KEYS_UNREADABLE)
    if not len(found.trust):
        return Check(_NAME, False, "none", _PUT, Condition.KEYS_NONE)
    return _lasting(found.trust, utc_now())


def look_at_roles(station: StationSection) -> Iterator[Check]:
    """Keys of an earlier enrolment of which nothing says what they sign."""
    undecided = trust_of(station).undecided
    if undecided:
        names = ", ".join(path.name for path in undecided)
        yield Check("key roles", None, f"{names}: enrolled before keys had roles, so for orders alone", _NAME_ROLE)


def _lasting(trust: TrustList, now: datetime) -> Check:
    """The district's keys have no end. Of third parties' certificates some have always ended: nothing is wrong then."""
    count, ends = len(trust), sorted(signer.valid_until for signer in trust.third_parties if signer.valid_until < NEVER)
    expired = sum(end <= now for end in ends)
    if expired:
        found = f"{count}, of which {expired} have expired"
        return Check(_NAME, True, found, condition=Condition.KEYS_EXPIRED, values={"count": count, "expired": expired})
    until = f", the first until {ends[0].date()}" if ends else ""
    return Check(_NAME, True, f"{count}{until}", condition=Condition.KEYS_THERE, values={"count": count})
