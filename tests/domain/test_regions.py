"""The table of GB/T 2260: whole, in both languages, and everything in it can be picked."""

from collections import Counter

from station.domain.regions import pickable, provinces, regions


def test_the_table_has_every_province_and_every_prefecture() -> None:
    assert len(provinces()) == 34
    prefectures = [code for code in regions() if code.endswith("00") and not code.endswith("0000")]
    assert len(prefectures) == 333


def test_every_region_has_six_digits_a_province_and_a_name_in_both_languages() -> None:
    for code, region in regions().items():
        assert len(code) == 6
        assert code.isdigit()
        assert f"{code[:2]}0000" in regions()
        assert set(region.names) == {"zh", "en"}
        assert all(name and name == name.strip() for name in region.names.values())


def test_no_two_regions_of_a_province_have_the_same_name() -> None:
    for province in provinces():
        for language in ("zh", "en"):
            names = Counter(part.names[language] for part in province.parts)
            assert [name for name, times in names.items() if times > 1] == []


def test_a_prefecture_is_picked_and_a_province_only_where_it_has_none() -> None:
    whole = {province.region.names["en"] for province in provinces() if not province.parts}
    assert whole == {"Beijing", "Tianjin", "Shanghai", "Chongqing", "Taiwan", "Hong Kong", "Macao"}
    assert {"410700", "110000", "419001"} <= pickable()
    assert "410000" not in pickable()
    assert len(pickable()) == len(regions()) - 34 + len(whole)
