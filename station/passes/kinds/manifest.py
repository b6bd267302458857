"""A bus's passengers, gathered (乘客名册): how many of how many declared, and never who."""

from station.domain.details import ManifestDetails
from station.domain.passes import PassKind
from station.passes.kinds.fields import Count, Kind

MANIFEST = Kind(
    PassKind.MANIFEST,
    ManifestDetails,
    hours=12,
    members={
        1: Count("seats", "how many seats are taken", 1, 300),
        2: Count("declared", "how many of them declared", 0, 300),
    },
)
