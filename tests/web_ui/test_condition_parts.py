"""What doctor says of the machine, on the touchscreen's page of the station."""

from collections.abc import Sequence
from dataclasses import asdict, replace

import pytest
from remembering_station import STATION, RememberingStation

from station.domain.condition import Condition, Part, PartView
from web_ui.kiosk import create_app

HOT = PartView(Part.TEMPERATURE, False, Condition.TEMPERATURE_HOT, {"celsius": 86})
WEAR = PartView(Part.DISK_WEAR, True, Condition.DISK_WEAR_GOOD, {"percent": 20})
NO_CLOCK = PartView(Part.BATTERY_CLOCK, None, Condition.BATTERY_CLOCK_NONE, {})


def page(station: RememberingStation, language: str, parts: Sequence[PartView]) -> str:
    station.feed.publish("station", asdict(STATION))
    services = replace(station.services(), lanes=("2",), parts=lambda: [asdict(part) for part in parts])
    return create_app(services, language).test_client().get("/condition").text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", ("86 °C：请通风散热，设备正在降速", "已用 20%", "无：断电后联网前时间未知")),
        ("en", ("86 °C: give it air; it slows itself down", "20 % used", "none: after a power cut")),
    ],
)
def test_each_condition_is_said_in_the_screens_language(
    station: RememberingStation, language: str, said: tuple[str, ...]
) -> None:
    text = page(station, language, (HOT, WEAR, NO_CLOCK))
    assert [words for words in said if words not in text] == []


def test_only_what_is_wrong_is_marked(station: RememberingStation) -> None:
    before = page(station, "en", ()).count('class="bad"')
    assert page(station, "en", (WEAR, NO_CLOCK)).count('class="bad"') == before
    assert page(station, "en", (HOT, WEAR)).count('class="bad"') == before + 1


def test_what_is_not_there_is_neither_ticked_nor_marked(station: RememberingStation) -> None:
    ticked, dashed = (f'href="#icon-{icon}"' for icon in ("met", "none"))
    before = page(station, "en", ())
    after = page(station, "en", (NO_CLOCK,))
    assert (after.count(ticked), after.count(dashed)) == (before.count(ticked), before.count(dashed) + 1)
