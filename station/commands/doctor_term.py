"""How long a certificate lasts yet, as ``station doctor`` finds it."""

from datetime import datetime, timedelta

from station.domain.condition import Condition

RENEW_BEFORE = timedelta(days=30)


def term(last: datetime, now: datetime) -> tuple[Condition, str]:
    """How it stands with one that ends at ``last``, and in words what is wrong with that: none while it is good."""
    if now > last:
        return Condition.CERTIFICATE_EXPIRED, "it has expired"
    if now > last - RENEW_BEFORE:
        return Condition.CERTIFICATE_ENDING, f"{(last - now).days} days left"
    return Condition.CERTIFICATE_GOOD, ""
