"""The words of the drivers' page: all there, in both languages."""

import re
from pathlib import Path

import pytest

from station.domain.passes import Must
from station.domain.trips import TripRefusal
from web_ui.driver.picking import TRAFFIC
from web_ui.text import LANGUAGES, catalog

WEB_UI = Path(__file__).parents[2] / "web_ui"
SOURCES = [*(WEB_UI / "templates" / "driver").glob("*.html"), *(WEB_UI / "driver").glob("*.py")]
KEY = re.compile(r"""\bt\(["']([\w.]+)["'][,)]|"((?:wrong|refused|error)\.(?!html)\w+)\"""")
PUT_TOGETHER = {
    *(f"traffic.{kind}" for kind in TRAFFIC),
    *(f"must.{must}" for must in Must),
    *(f"must.{must}.says" for must in Must),
    *(f"refused.{refusal}" for refusal in TripRefusal),
    *(f"field.{field}" for field in ("plate", "traffic", "party", "seats", "from", "been", "musts")),
    *(f"hint.{field}" for field in ("party", "seats")),
    *(f"wrong.{field}" for field in ("party", "seats")),
    *(f"error.{code}{end}" for code in ("400", "404", "413", "421", "429", "other") for end in ("", ".title")),
}


def used() -> set[str]:
    found = {key for path in SOURCES for match in KEY.findall(path.read_text("utf-8")) for key in match if key}
    return found | PUT_TOGETHER


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_a_page_uses_is_there_and_every_one_there_is_used(language: str) -> None:
    assert used() == set(catalog(f"driver.{language}"))


def test_both_languages_have_the_same_places_to_fill() -> None:
    zh, en = (catalog(f"driver.{language}") for language in LANGUAGES)
    for key in zh:
        assert sorted(re.findall(r"{\w+}", zh[key])) == sorted(re.findall(r"{\w+}", en[key])), key
