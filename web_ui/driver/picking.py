"""What a form offers to pick, and what was filled in already, for the templates."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import render_template
from markupsafe import Markup

from station.domain.declaration import MOST_IN_PARTY, MOST_PLACES
from station.domain.passes import Must, TrafficKind
from station.domain.plates import DIGITS, EMBASSY, ENDINGS, LETTERS, PROVINCES
from station.domain.regions import provinces
from web_ui.driver.form import ITINERARY, ORIGIN, Form, codes, short_code

TRAFFIC = (
    *(TrafficKind.CAR, TrafficKind.VAN, TrafficKind.TRUCK, TrafficKind.BUS),
    *(TrafficKind.MOTORCYCLE, TrafficKind.BICYCLE, TrafficKind.PERSON, TrafficKind.OTHER),
)
_KEPT = 32


def form_parts(filled: Form, wrong: Mapping[str, str]) -> dict[str, Any]:
    return {
        "filled": filled,
        "wrong": wrong,
        "plate_provinces": PROVINCES + EMBASSY,
        "plate_endings": ENDINGS,
        "plate_digits": DIGITS,
        "plate_letters": LETTERS,
        "traffic_kinds": TRAFFIC,
        "musts": list(Must),
        "most_in_party": MOST_IN_PARTY,
        "most_places": MOST_PLACES,
        "origin_name": ORIGIN,
        "itinerary_name": ITINERARY,
        "asks_places": "more" in filled or ITINERARY in filled,
        "picked": lambda name: frozenset(codes(filled, name)),
        "region_tiles": region_tiles,
    }


@lru_cache(maxsize=_KEPT)
def region_tiles(control: str, name: str, language: str, chosen: frozenset[str]) -> Markup:
    """The greater part of the page; most often nothing is chosen in it, and then it is drawn once."""
    return Markup(
        render_template(
            "regions.html",
            control=control,
            name=name,
            language=language,
            chosen=chosen,
            provinces=provinces(),
            short=short_code,
        )
    )
