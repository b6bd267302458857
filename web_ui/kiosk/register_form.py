"""The filled-in form for those without a code, read back: every field is checked, and what is wrong has a word."""

from collections.abc import Mapping
from typing import Any

from station.domain.by_hand import LONGEST_DESTINATION, MOST_PERSONS, Offer, Told
from station.domain.documents import NoIdNumber, NoPhone, read_id_number, read_phone
from station.domain.passage import UNKNOWN_ORIGIN
from station.domain.passes import Must, TrafficKind
from station.domain.plates import NoPlate, read_plate
from web_ui.request_values import read_whole


class Unclear(ValueError):
    """A field that cannot be right; ``key`` is the sentence that says so."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def told_of(typed: Mapping[str, Any], offer: Offer) -> Told:
    """:raises Unclear: a field cannot be right."""
    return Told(
        plate=_plate(typed.get("plate", "")),
        traffic=_traffic(typed.get("traffic", "")),
        persons=_persons(typed.get("persons", "1")),
        origin=_origin(typed.get("origin", ""), offer),
        destination=_destination(typed),
        musts=frozenset(Must(must) for must in typed.get("musts", ()) if must in tuple(Must)),
        id_number=_id_number(typed.get("id_number", "")) if offer.asks_id else "",
        phone=_phone(typed.get("phone", "")) if offer.asks_phone else "",
    )


def _plate(typed: str) -> str:
    try:
        return read_plate(typed).text if typed.strip() else ""
    except NoPlate:
        raise Unclear("register.wrong.plate") from None


def _traffic(typed: str) -> TrafficKind | None:
    return TrafficKind(typed) if typed in tuple(TrafficKind) else None


def _persons(typed: str) -> int:
    persons = read_whole(typed, 1, MOST_PERSONS)
    if persons is None:
        raise Unclear("register.wrong.persons")
    return persons


def _origin(typed: str, offer: Offer) -> str:
    return typed if typed in offer.origins else UNKNOWN_ORIGIN


def _destination(typed: Mapping[str, Any]) -> str:
    """What was written beats what was tapped."""
    said = typed.get("other_destination", "") or typed.get("destination", "")
    return " ".join(str(said).split())[:LONGEST_DESTINATION]


def _id_number(typed: str) -> str:
    try:
        return read_id_number(typed) if typed.strip() else ""
    except NoIdNumber:
        raise Unclear("register.wrong.id_number") from None


def _phone(typed: str) -> str:
    try:
        return read_phone(typed) if typed.strip() else ""
    except NoPhone:
        raise Unclear("register.wrong.phone") from None
