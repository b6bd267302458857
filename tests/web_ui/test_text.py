"""Every word a screen can say exists in both languages."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from station.domain.aim import Advice, Verdict
from station.domain.commands import Refusal
from station.domain.condition import Condition, Part
from station.domain.decision import Outcome, Source
from station.domain.details import BadgeRole
from station.domain.events.incidents import IncidentKind, Severity
from station.domain.events.inspections import FindingKind
from station.domain.events.rounds import Vulnerable
from station.domain.lane_faults import LaneFault
from station.domain.orders import Urgency
from station.domain.origin import CLASSES
from station.domain.passes import HealthKind, Must, PassKind, TestResult, TrafficKind
from station.domain.power import Power
from station.domain.reasons import Reason
from station.domain.shifts import SignOnRefusal
from station.domain.situation import LaneKind, Mode
from station.domain.station_faults import StationFault
from station.duty.shifts import NOT_DUE
from station.passes.signed_lists import ListName
from web_ui.kiosk.frame import THEMES
from web_ui.text import LANGUAGES, catalog, text

KIOSK = Path(__file__).parents[2] / "web_ui"
SOURCES = [
    *(KIOSK / "templates" / "kiosk").rglob("*.html"),
    *(KIOSK / "static" / "kiosk").rglob("*.js"),
    *(KIOSK / "kiosk").rglob("*.py"),
    *(KIOSK / "templates" / "supervisor").rglob("*.html"),
    *(KIOSK / "static" / "supervisor").rglob("*.js"),
    *(KIOSK / "supervisor").rglob("*.py"),
]

# Values that views carry as plain strings, after station/domain/view.py.
CAMERA_STATES = ("opening", "ok", "lost", "ended")
UPLINK_STATES = ("connected", "connecting", "off")
FAULTS = (*LaneFault, *StationFault)
DIRECTIONS = ("in", "out", "both")

PROVINCES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82"

ENUMERATED: dict[str, type[StrEnum] | tuple[str, ...]] = {
    "reason.": Reason,
    "outcome.": Outcome,
    "proposal.": Outcome,
    "action.": Outcome,
    "must.": Must,
    "source.": Source,
    "traffic.": TrafficKind,
    "kind.": PassKind,
    "refusal.": Refusal,
    "lane.": LaneKind,
    "mode.": Mode,
    "camera.": CAMERA_STATES,
    "uplink.": UPLINK_STATES,
    "fault.": FAULTS,
    "brief.": FAULTS,
    "power.": Power,
    "list.": ListName,
    "condition.state.": ("stale", "unusable"),
    "duration.": ("seconds", "minutes", "hours", "days"),
    "direction.": DIRECTIONS,
    "aim.": ("scale", "sharpness", "light"),
    "aim.verdict.": (*Verdict, "none"),
    "aim.advice.": Advice,
    "beside.": ("forged", "malformed"),
    "health.": HealthKind,
    "result.": TestResult,
    "role.": BadgeRole,
    "incident.": IncidentKind,
    "finding.": FindingKind,
    "severity.": (*Severity, "usual"),
    "urgency.": Urgency,
    "sound.": ("locked", "on", "muted"),
    "suggestion.": CLASSES,
    "origin.": CLASSES,
    "theme.": THEMES,
    "vulnerable.": Vulnerable,
    "shift.refused.": SignOnRefusal,
    "shift.warned.": (NOT_DUE,),
    "due.": ("now", "missing", "complete", "enough", "green", "next", "not_begun"),
    "supervisor.refused.": ("wrong_pin", "short_pin", "busy", "unavailable"),
    "hand_over.": ("granted", "held", "denied", "vehicles", "persons", "unmatched", "emergencies"),
    "part.": Part,
    "found.": Condition,
    "province.": tuple(re.findall(r"\d\d", PROVINCES)),
}
SUFFIXED = {
    "action.": (".without_code",),
    "proposal.": (".ask",),
    "camera.": (".todo",),
    "aim.": (".unit",),
}

KEY = re.compile(r"""(?<![\w.])(?:t|has)\(\s*["']([^"']+)["']""")
QUOTED_KEY = re.compile(r"""["']((?:refusal|cut|error|province|entry)\.(?!html)[\w.]*)["']""")


def used_keys() -> dict[str, Path]:
    found = {}
    for path in SOURCES:
        source = path.read_text("utf-8")
        for pattern in (KEY, QUOTED_KEY):
            found.update(dict.fromkeys(pattern.findall(source), path))
    return found


def enumerated_keys() -> set[str]:
    plain = {prefix + str(value) for prefix, values in ENUMERATED.items() for value in values}
    suffixed = {
        prefix + str(value) + suffix
        for prefix, suffixes in SUFFIXED.items()
        for value in ENUMERATED[prefix]
        for suffix in suffixes
    }
    return plain | suffixed


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_enumerated_value_has_its_words(language: str) -> None:
    assert enumerated_keys() - catalog(language).keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_that_a_page_uses_exists(language: str) -> None:
    whole = {key for key in used_keys() if not key.endswith(".")}
    assert len(whole) > 40
    assert whole - catalog(language).keys() == set()


def test_every_key_that_is_put_together_belongs_to_an_enumeration() -> None:
    assert {key for key in used_keys() if key.endswith(".")} - ENUMERATED.keys() == set()


def test_both_languages_have_the_same_keys_and_places() -> None:
    zh, en = (catalog(language) for language in LANGUAGES)
    assert zh.keys() == en.keys()
    for key in zh:
        assert sorted(re.findall(r"{\w+}", zh[key])) == sorted(re.findall(r"{\w+}", en[key])), key


def test_only_a_camera_in_order_needs_no_advice() -> None:
    for language in LANGUAGES:
        assert [key for key, words in catalog(language).items() if not words.strip()] == ["camera.ok.todo"]


def test_a_place_in_a_text_is_filled() -> None:
    assert text("en", "party", n=3) == "party of 3"
    with pytest.raises(KeyError):
        text("en", "no.such.key")
