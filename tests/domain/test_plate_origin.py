"""The class that a plate's province suggests."""

from station.domain.origin import OriginClasses
from station.domain.plate_origin import suggested_classes
from station.domain.plates import PROVINCES
from station.domain.regions import regions


def test_a_provinces_character_suggests_its_class() -> None:
    suggested = suggested_classes(OriginClasses("41", ("110105", "31")))
    assert [suggested[character] for character in "豫京沪新"] == [
        "this_province",
        "risk_province",
        "risk_area",
        "other_province",
    ]


def test_every_character_stands_for_the_province_whose_short_name_it_is() -> None:
    names = {"京": "北京", "蒙": "内蒙古", "沪": "上海", "豫": "河南", "琼": "海南", "渝": "重庆", "新": "新疆"}
    for character, name in names.items():
        code = next(code for code, region in regions().items() if region.is_province and region.names["zh"] == name)
        classes = OriginClasses("", (code[:2],))
        assert [c for c in PROVINCES if suggested_classes(classes)[c] == "risk_area"] == [character]
