"""How long a certificate lasts yet, as ``station doctor`` finds it."""

from datetime import datetime, timedelta

from station.domain.condition import Condition

SET_CLOCK = "set the clock: see its battery and its time servers"
RENEW_BEFORE = timedelta(days=30)


def term(first: datetime, last: datetime, now: datetime) -> tuple[Condition, str]:
    """How it stands with one that holds from ``first`` to ``last``, and in words what is wrong with that: none while it
    is good."""
    if now < first:
        return Condition.CERTIFICATE_NOT_YET, f"good from {first.date()} on, and this machine's clock says {now.date()}"
    if now > last:
        return Condition.CERTIFICATE_EXPIRED, "it has expired"
    if now > last - RENEW_BEFORE:
        return Condition.CERTIFICATE_ENDING, f"{(last - now).days} days left"
    return Condition.CERTIFICATE_GOOD, ""
