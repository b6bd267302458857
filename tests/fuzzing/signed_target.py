"""What a station reads from the hub with a signature: lists and orders, signed by the right key over anything."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import strategies as st
from made import KEY, NOON
from made_lists import DISTRICT, place_of, revoking, trusting

from fuzzing.mutations import mutated_bytes, mutated_json
from station.domain.orders import Order, Urgency
from station.passes import signed_lists, signed_orders
from station.passes.envelope import open_envelope, seal
from station.passes.signed_lists import ListError, ListName
from station.passes.signed_orders import OrderError
from station.passes.trust import TrustList

SIGNERS = TrustList((KEY.public_key(),))
ORDER = Order(
    "o-1234", DISTRICT, (DISTRICT, "qiaobei"), Urgency.URGENT, NOON, NOON + timedelta(hours=4), "封路", "shut"
)
LISTS = {ListName.REVOCATIONS: revoking("a1", "b2"), ListName.TRUST: trusting(KEY)}
ORDERS = [signed_orders.sign(ORDER, KEY)]


def _signed(messages: list[bytes]) -> st.SearchStrategy[bytes]:
    """Damaged on the way, or signed as it is."""
    inside = mutated_json([open_envelope(message).payload for message in messages])
    return mutated_bytes(messages) | mutated_json(messages) | inside.map(lambda payload: seal(payload, KEY))


lists = st.sampled_from(sorted(LISTS)).flatmap(lambda name: st.tuples(st.just(name), _signed([LISTS[name]])))
orders = _signed(ORDERS)


def check_list(value: tuple[ListName, bytes]) -> None:
    name, message = value
    with suppress(ListError):
        signed_lists.read(message, place_of(name), SIGNERS.candidates)
    with suppress(ListError):
        signed_lists.claimed_version(message)


def check_order(message: bytes) -> None:
    with suppress(OrderError):
        signed_orders.read(message, DISTRICT, SIGNERS)
