"""What stands in a list for a pass, a plate or a household. docs/lists.md states the strings byte by byte."""

import hmac
import unicodedata

from station.domain.details import ResidentDetails
from station.domain.passes import Pass
from station.passes.entries import ENTRY_BYTES

LIST_KEY_BYTES = 32
_CHECK = "list-key"


def id_entry(pass_id: str) -> bytes:
    """What stands for a pass in the revocations: the first eight bytes of its id. Ids are random or digests, so they
    name nobody.

    :raises ValueError: not hex.
    """
    return bytes.fromhex(pass_id)[:ENTRY_BYTES].ljust(ENTRY_BYTES, b"\0")


class Digests:
    """HMAC-SHA-256 under the district's list key, cut to eight bytes: who has the list and not the key learns from it
    only how long it is. With 100,000 entries, eight bytes meet by accident once in 10^14 questions."""

    def __init__(self, key: bytes) -> None:
        """:raises ValueError: a key of another length."""
        if len(key) != LIST_KEY_BYTES:
            raise ValueError(f"a list key has {LIST_KEY_BYTES} bytes, not {len(key)}")
        self._key = key

    @property
    def key_id(self) -> str:
        """Tells two keys apart without telling a key: a list says which one it was made with."""
        return self._digest(_CHECK).hex()

    def plate(self, plate: str) -> bytes:
        return self._digest(f"plate:{normal_plate(plate)}")

    def pass_id(self, pass_id: str) -> bytes:
        return self._digest(f"pass:{id_entry(pass_id).hex()}")

    def household(self, building: str, unit: str) -> bytes:
        return self._digest(f"household:{_place(building)}/{_place(unit)}")

    def watched(self, shown: Pass) -> tuple[bytes, ...]:
        """Everything a watchlist may name a pass by."""
        plate = (self.plate(shown.plate),) if shown.plate else ()
        household = self.resident(shown)
        return (*plate, self.pass_id(shown.id), *((household,) if household else ()))

    def resident(self, shown: Pass) -> bytes | None:
        """The household on a resident's pass; None for any other."""
        match shown.details:
            case ResidentDetails(building, unit):
                return self.household(building, unit)
            case _:
                return None

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode(), "sha256")[:ENTRY_BYTES]


def normal_plate(text: str) -> str:
    """One spelling for what people write in many: full-width or not, small or large letters, with dots, blanks or
    dashes between. 豫G·12345 and 豫ｇ 12345 are both 豫G12345."""
    return "".join(letter for letter in _upright(text) if letter.isalnum())


def _place(text: str) -> str:
    """A building or a unit: dashes may tell two apart, and a slash in its name is not the one between the two."""
    return "".join(_upright(text).split()).replace("%", "%25").replace("/", "%2F")


def _upright(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()
