"""The wiring diagrams are drawn for the pins of the shipped station.toml."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATION_TOML = (ROOT / "firmware_config" / "station.toml").read_text(encoding="utf-8")
# The place of each GPIO on the 40-pin header, the same on every Raspberry Pi since the B+.
HEADER = {2: 3, 3: 5, 4: 7, 5: 29, 6: 31, 9: 21, 10: 19, 13: 33, 17: 11, 18: 12, 22: 15, 23: 16, 24: 18, 25: 22, 27: 13}
ROW = re.compile(r"pin (\d+) · GPIO (\d+) · (\w+)")


def drawn(name: str) -> dict[str, tuple[int, int]]:
    """Place on the header and GPIO of every key."""
    drawing = ElementTree.parse(ROOT / "docs" / "pictures" / f"wiring-{name}.svg")
    texts = (element.text or "" for element in drawing.iter("{http://www.w3.org/2000/svg}text"))
    rows = (ROW.fullmatch(text) for text in texts)
    return {row[3]: (int(row[1]), int(row[2])) for row in rows if row}


def configured(family: str) -> dict[str, int]:
    line = re.search(rf'^# {family} = \{{ driver = "gpio", (.*) \}}', STATION_TOML, re.MULTILINE)
    assert line
    return {key: int(pin) for key, pin in re.findall(r"(\w+) = (\d+)(?=[,\s])", line[1])}


@pytest.mark.parametrize(("drawing", "family"), [("gate", "gate"), ("sensors", "presence"), ("sensors", "panel")])
def test_the_drawn_pins_are_the_configured_ones(drawing: str, family: str) -> None:
    wired = {key: gpio for key, (_, gpio) in drawn(drawing).items()}
    pins = {key: pin for key, pin in configured(family).items() if key in wired}
    assert pins
    assert pins == {key: wired[key] for key in pins}
    assert {key for key in configured(family) if "pin" in key} <= set(wired)


@pytest.mark.parametrize("drawing", ["gate", "sensors"])
def test_every_pin_is_at_its_place_on_the_header_and_used_once(drawing: str) -> None:
    places = drawn(drawing)
    assert {key: HEADER[gpio] for key, (_, gpio) in places.items()} == {
        key: place for key, (place, _) in places.items()
    }
    assert len(set(places.values())) == len(places)


def test_no_pin_serves_two_parts_of_a_station() -> None:
    used = [gpio for name in ("gate", "sensors") for _, gpio in drawn(name).values()]
    assert len(used) == len(set(used))
