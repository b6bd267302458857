"""Cold-chain goods (冷链批次): firm, lot and the certificate that came with it."""

from station.domain.details import BatchDetails
from station.domain.passes import PassKind
from station.passes.kinds.fields import Kind, Text

BATCH = Kind(
    PassKind.BATCH,
    BatchDetails,
    hours=24 * 30,
    members={
        1: Text("firm", "who sends the goods"),
        2: Text("batch", "number of the lot"),
        3: Text("certificate", "number of the certificate"),
    },
)
