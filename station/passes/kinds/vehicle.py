"""A regular vehicle or bus (车辆通行证): good for months, for one plate."""

from station.domain.details import VehicleDetails
from station.domain.passes import PassKind
from station.passes.kinds.fields import Count, Kind

VEHICLE = Kind(
    PassKind.VEHICLE,
    VehicleDetails,
    hours=24 * 90,
    members={
        1: Count("seats", "how many seats it has", 1, 300),
    },
)
