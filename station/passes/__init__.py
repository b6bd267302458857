"""Bytes to a verified pass. A format is one file and one line in ``FORMATS``, tried in order."""

from collections.abc import Iterable
from typing import Protocol

from station.domain.passes import Pass, Presented, Rejected
from station.domain.reasons import Reason
from station.passes.cp1 import Cp1
from station.passes.errors import BadPass
from station.passes.hcert import Hcert
from station.passes.shc import Shc
from station.passes.trust import TrustList

__all__ = ["FORMATS", "BadPass", "Format", "TrustList", "read"]


class Format(Protocol):
    """One kind of code. ``name`` stands in every pass it reads."""

    @property
    def name(self) -> str: ...

    def read(self, payload: bytes, trust: TrustList) -> Pass | None:
        """Return the genuine pass, or None for "not mine".

        :raises BadPass: "mine, but bad": malformed, forged, or signed by a key nobody here trusts.
        """
        ...


FORMATS: tuple[Format, ...] = (Cp1(), Hcert(), Shc())


def read(payload: bytes, text: str, trust: TrustList, formats: Iterable[Format] = FORMATS) -> Presented:
    """Read a code's payload as a pass. Whatever the bytes are, this returns; it never raises.

    ``text`` is the payload as a person may read it; it is what a rejected code shows to the operator.
    """
    for form in formats:
        try:
            found = form.read(payload, trust)
        except BadPass as bad:
            return Rejected(bad.reason, text, form.name)
        if found is not None:
            return found
    return Rejected(Reason.NOT_A_PASS, text)
