"""Every text that the district's pages ask for is there, and every one that is there is asked for."""

import re
from pathlib import Path

from station.domain.accounts import AccountRefusal, Role
from station.domain.station_faults import StationFault
from station.hub.live_tree import REASONS, STATES
from web_ui.district.boards import COLUMNS, TITLES
from web_ui.district.curves import PERIODS, SPLITS
from web_ui.district.languages import THEMES
from web_ui.district.lists import COLUMNS as COLUMNS_OF_LISTS
from web_ui.district.navigation import PAGES
from web_ui.text import catalog

WEB_UI = Path(__file__).parent.parent.parent / "web_ui"
SOURCES = [
    *(WEB_UI / "templates" / "district").glob("*.html"),
    *(WEB_UI / "static" / "district").glob("*.js"),
    *(WEB_UI / "district").glob("*.py"),
]
# A whole key in quotes where a text is asked for; keys put together from a value are listed below.
ASKED = re.compile(r"""(?:\bt\(|\btext\(|\bsays\b[^"']*|\belse )\s*["']([a-z_]+\.[a-z_0-9.]*[a-z_0-9])["']""")
MADE = {
    "refused": [*AccountRefusal, "again"],
    "role": list(Role),
    "theme": list(THEMES),
    "state": list(STATES),
    "reason": list(REASONS),
    "fault": list(StationFault),
    "count": ["granted", "held", "denied", "vehicles", "persons", "crossings", "unmatched", "passages"],
    "curves.days": list(PERIODS),
    "curves.by": [split or "none" for split in SPLITS],
    "curves": ["hour", "day"],
    "lists": [*COLUMNS_OF_LISTS, "stations", "with_newest", "behind"],
    "boards": [TITLES.get(column, column) for column in COLUMNS],
    "error": ["400", "403", "404", "413", "421", "503", "other"],
}


def asked_for() -> dict[str, Path]:
    found = {key: path for path in SOURCES for key in ASKED.findall(path.read_text("utf-8"))}
    return found | {page.text: WEB_UI / "district" / "navigation.py" for page in PAGES}


def test_no_page_asks_for_a_text_that_is_missing() -> None:
    texts = catalog("district.zh").keys()
    assert {key: path.name for key, path in asked_for().items() if key not in texts} == {}
    made = {f"{prefix}.{value}" for prefix, values in MADE.items() for value in values}
    assert made - texts == set()
