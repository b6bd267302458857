"""A household of a compound (居民出入证): good at the gates its scope names."""

from station.domain.details import ResidentDetails
from station.domain.passes import PassKind
from station.passes.kinds.fields import Kind, Text

RESIDENT = Kind(
    PassKind.RESIDENT,
    ResidentDetails,
    hours=24 * 90,
    members={
        1: Text("building", "building of the compound"),
        2: Text("unit", "unit or door of the household"),
    },
)
