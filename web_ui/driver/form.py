"""What somebody filled in, to a declaration; or what is wrong, field by field."""

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from station.domain.declaration import MOST_IN_PARTY, MOST_PLACES, WITHOUT_PLATE, Declaration
from station.domain.passes import Must, TrafficKind
from station.domain.plates import NoPlate, read_plate
from station.domain.regions import pickable
from station.domain.trips import MOST_SEATS
from web_ui.request_values import read_whole

Form = MultiDict[str, str]

# Each stands some 370 times in the page, so they are short.
ORIGIN, ITINERARY = "o", "i"

_LONGEST_PLATE_TYPED = 20


class Incomplete(Exception):
    """``wrong`` holds, by field, the key of the text that says what to do."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__(", ".join(wrong))
        self.wrong = wrong


def driver_declaration(form: Form) -> Declaration:
    """:raises Incomplete: with every field that is wrong."""
    wrong: dict[str, str] = {}
    traffic = _traffic(form, wrong)
    bare = traffic in WITHOUT_PLATE and not form.get("serial", "").strip()
    plate = "" if bare else _plate(form, wrong)
    return _declaration(form, wrong, plate, traffic)


def passenger_declaration(form: Form) -> Declaration:
    """:raises Incomplete: with every field that is wrong."""
    return _declaration(form, {}, "", None)


def journey(form: Form, plate: str, most: int) -> tuple[str, int]:
    """The bus's plate, if its board names none, and the seats taken.

    :raises Incomplete: with every field that is wrong.
    """
    wrong: dict[str, str] = {}
    found = plate or _plate(form, wrong)
    seats = _number(form, "seats", min(most or MOST_SEATS, MOST_SEATS), wrong)
    if wrong:
        raise Incomplete(wrong)
    return found, seats


def codes(form: Form, name: str) -> list[str]:
    """The regions picked under a name, those that can be picked and each once."""
    picked = dict.fromkeys(code.ljust(6, "0") for code in form.getlist(name))
    return [code for code in picked if code in pickable()]


def short_code(code: str) -> str:
    """As the form sends it: the noughts at a prefecture's end go without saying."""
    return code[:4] if code.endswith("00") else code


def _declaration(form: Form, wrong: dict[str, str], plate: str, traffic: TrafficKind | None) -> Declaration:
    party = _number(form, "party", MOST_IN_PARTY, wrong)
    origin = next(iter(codes(form, ORIGIN)), "")
    if not origin:
        wrong["from"] = "wrong.from"
    itinerary = tuple(code for code in codes(form, ITINERARY) if code != origin)
    if len(itinerary) > MOST_PLACES:
        wrong["been"] = "wrong.been"
    if wrong:
        raise Incomplete(wrong)
    musts = frozenset(must for must in Must if must.value in form.getlist("must"))
    return Declaration(party, origin, itinerary, musts, plate, traffic)


def _traffic(form: Form, wrong: dict[str, str]) -> TrafficKind | None:
    try:
        return TrafficKind(form.get("traffic", ""))
    except ValueError:
        wrong["traffic"] = "wrong.traffic"
        return None


def _plate(form: Form, wrong: dict[str, str]) -> str:
    serial = form.get("serial", "")[:_LONGEST_PLATE_TYPED]
    try:
        return read_plate(form.get("province", "") + serial + form.get("ending", "")).text
    except NoPlate:
        wrong["plate"] = "wrong.plate"
        return ""


def _number(form: Form, field: str, most: int, wrong: dict[str, str]) -> int:
    number = read_whole(form.get(field, "").strip(), 1, most)
    if number is not None:
        return number
    wrong[field] = f"wrong.{field}"
    return 1
