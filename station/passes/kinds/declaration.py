"""What a driver or passenger declared ahead on the phone (申报): good for hours."""

from station.domain.details import DeclarationDetails
from station.domain.passes import PassKind
from station.passes.kinds.fields import Kind, Regions

DECLARATION = Kind(
    PassKind.DECLARATION,
    DeclarationDetails,
    hours=24,
    members={
        1: Regions("itinerary", "GB/T 2260 codes of where the party has been, the latest last"),
    },
)
