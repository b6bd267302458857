"""A delivery (配送凭证): an order on its prescribed route to its drop-offs, within its window."""

from station.domain.details import VoucherDetails
from station.domain.passes import PassKind
from station.passes.kinds.fields import Kind, Text

VOUCHER = Kind(
    PassKind.VOUCHER,
    VoucherDetails,
    hours=24,
    members={
        1: Text("order", "number of the order"),
    },
)
