"""The kinds of our own pass. A kind is one file and one line in ``KINDS``."""

from station.domain.passes import PassKind
from station.passes.kinds.badge import BADGE
from station.passes.kinds.batch import BATCH
from station.passes.kinds.declaration import DECLARATION
from station.passes.kinds.fields import Field, FieldError, Kind
from station.passes.kinds.manifest import MANIFEST
from station.passes.kinds.resident import RESIDENT
from station.passes.kinds.vehicle import VEHICLE
from station.passes.kinds.voucher import VOUCHER

__all__ = ["KINDS", "Field", "FieldError", "Kind", "kind_of"]

KINDS: tuple[Kind, ...] = (DECLARATION, VEHICLE, RESIDENT, BADGE, VOUCHER, BATCH, MANIFEST)
_BY_KIND = {described.kind: described for described in KINDS}


def kind_of(kind: PassKind) -> Kind | None:
    """None for a third party's certificate, which we never issue."""
    return _BY_KIND.get(kind)
