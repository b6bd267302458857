"""An operator's badge (工作证): refused outside its grids (不能窜格)."""

from station.domain.details import BadgeDetails, BadgeRole
from station.domain.passes import PassKind
from station.passes.kinds.fields import Kind, OneOf, Text

BADGE = Kind(
    PassKind.BADGE,
    BadgeDetails,
    hours=24 * 90,
    members={
        1: Text("number", "number that names the operator"),
        2: Text("team", "team of the roster"),
        3: OneOf("role", f"one of {', '.join(BadgeRole)}", BadgeRole),
    },
)
