"""CBOR as passes use it: what strangers can make a decoder do is left out."""

from collections.abc import Callable, Mapping
from typing import Any

import cbor2

from station.domain.reasons import Reason
from station.passes.errors import BadPass

DEEPEST = 8
# Tags that cbor2 would act on: big and broken numbers, shared references, regular expressions (compiling one of a few
# bytes can take seconds), e-mail messages, addresses. No pass has them; only the texts and times of 0, 1, 100 and 1004
# stay.
_REFUSED = (2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 256, 258, 260, 261, 43000)


def encode(value: object) -> bytes:
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes, what: str) -> Any:
    try:
        return cbor2.loads(data, max_depth=DEEPEST, allow_duplicate_keys=False, semantic_decoders=_REFUSALS)
    except Exception as error:  # noqa: BLE001 - hostile bytes reach a decoder of ours only here
        raise BadPass(Reason.MALFORMED, f"{what} are not CBOR: {type(error).__name__}") from None


def decode_map(data: bytes, what: str) -> Mapping[Any, Any]:
    value = decode(data, what)
    if not isinstance(value, Mapping):
        raise BadPass(Reason.MALFORMED, f"{what} are not a map")
    return value


def _refuse(*_: object) -> object:
    raise ValueError("a tag that no pass has")


_REFUSALS: dict[int, Callable[..., object]] = dict.fromkeys(_REFUSED, _refuse)
