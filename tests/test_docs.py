"""What the product promises in words is held to the product: keys, drivers, commands, reasons, links."""

import json
import re
import shlex
import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args

import pytest

import station.rules
from station import config as cfg
from station import plates
from station.__main__ import parser_for
from station.commands.table import COMMANDS
from station.devices import camera, gate, panel, presence, reader, thermometer
from station.domain.commands import Refusal
from station.domain.passes import Attestation, Must, PassKind, TrafficKind
from station.domain.reasons import Reason
from station.passes import cp1

ROOT = Path(__file__).parent.parent
FIRMWARE = ROOT / "firmware_config"
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("README*.md"), *DOCS.glob("*.md")])
READMES = sorted(ROOT.glob("README*.md"))
STATION_TOML = (FIRMWARE / "station.toml").read_text(encoding="utf-8")
HUB_TOML = (FIRMWARE / "hub.toml").read_text(encoding="utf-8")
CONFIGURATION = (DOCS / "configuration.md").read_text(encoding="utf-8")
FAMILIES = {
    "camera": camera.DRIVERS,
    "presence": presence.DRIVERS,
    "thermometer": thermometer.DRIVERS,
    "gate": gate.DRIVERS,
    "panel": panel.DRIVERS,
    "reader": reader.DRIVERS,
    "plates": plates.DRIVERS,
}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ALTERNATIVE = re.compile(r"^# ((\w+) = \{ driver = .*)$", re.MULTILINE)


def tables(kind: Any) -> Iterator[type]:
    """Every dataclass anywhere below a configuration's type."""
    if is_dataclass(kind) and isinstance(kind, type):
        yield kind
        for item in fields(kind):
            yield from tables(item.type)
        return
    for argument in get_args(kind):
        yield from tables(argument)


def keys(kind: type) -> set[str]:
    return {item.name for table in tables(kind) for item in fields(table)}


def driver_tables() -> list[tuple[str, type]]:
    """Family and table of every driver that the configuration takes; ``none`` may have no class of its own."""
    families = {item.name: item.type for item in fields(cfg.LaneConfig)}
    found = [(family, table) for family, kind in families.items() for table in tables(kind)]
    return [(family, table) for family, table in found if "driver" in driver_keys(table)]


def driver_keys(table: type) -> dict[str, Any]:
    return {item.name: item.default for item in fields(table)}


def drivers_of(family: str) -> set[str]:
    return {driver_keys(table)["driver"] for name, table in driver_tables() if name == family}


def named(word: str, text: str) -> bool:
    """As a word of its own in backticks, alone or after a dot."""
    return re.search(rf"`(?:[\w.]*\.)?{re.escape(word)}`", text) is not None


def commands() -> list[Any]:
    """Every command line of ours in a fenced ``sh`` block, with the page it stands on."""
    found = []
    for page in PAGES:
        for language, block in FENCE.findall(page.read_text(encoding="utf-8")):
            if language == "sh":
                lines = block.replace("\\\n", " ").splitlines()
                found += [pytest.param(line, id=f"{page.name}: {line[:60]}") for line in lines if line.strip()]
    return found


@pytest.mark.parametrize("key", sorted(keys(cfg.StationConfig)))
def test_every_key_of_a_station_is_in_the_shipped_file_and_documented(key: str) -> None:
    assert re.search(rf"(^|[\s#{{,\[]){key}( =|\]\])", STATION_TOML, re.MULTILINE) or f"[{key}]" in STATION_TOML
    assert named(key, CONFIGURATION) or f"`[{key}]`" in CONFIGURATION or f"`[[{key}]]`" in CONFIGURATION


@pytest.mark.parametrize("key", sorted(keys(cfg.HubConfig)))
def test_every_key_of_a_hub_is_in_the_shipped_file_and_documented(key: str) -> None:
    assert re.search(rf"^{key} =", HUB_TOML, re.MULTILINE) or f"[{key}]" in HUB_TOML
    assert named(key, CONFIGURATION) or f"`{key}." in CONFIGURATION


@pytest.mark.parametrize(("family", "table"), driver_tables())
def test_every_key_of_a_driver_stands_in_its_own_line_of_the_table(family: str, table: type) -> None:
    known = driver_keys(table)
    row = re.search(rf"^\| {family} \| `{known.pop('driver')}` \|.*$", CONFIGURATION, re.MULTILINE)
    assert row
    assert not [key for key in known if f"`{key}`" not in row[0]]


@pytest.mark.parametrize("family", sorted({family for family, _ in driver_tables()}))
def test_every_driver_is_in_the_shipped_file_and_documented(family: str) -> None:
    known = {name for name, _ in FAMILIES.get(family, ())}
    assert known <= drivers_of(family)
    for driver in drivers_of(family):
        assert re.search(rf'{family} = \{{ driver = "{driver}"', STATION_TOML)
        assert re.search(rf"^\| {family} \| `{driver}` \|", CONFIGURATION, re.MULTILINE)


def test_the_shipped_files_load_without_a_mistake() -> None:
    cfg.load_station(FIRMWARE / "station.toml")
    cfg.load_hub(FIRMWARE / "hub.toml")


def test_the_shipped_files_hold_the_defaults_they_are_documented_with() -> None:
    shipped = cfg.load_station(FIRMWARE / "station.toml")
    assert (shipped.scanning, shipped.policy, shipped.kiosk, shipped.supervisor) == (
        cfg.ScanningSection(),
        cfg.PolicySection(),
        cfg.KioskSection(),
        cfg.SupervisorSection(),
    )
    assert cfg.load_hub(FIRMWARE / "hub.toml").web == cfg.WebSection()


@pytest.mark.parametrize("line", [pytest.param(m, id=m[0][:60]) for m in ALTERNATIVE.findall(STATION_TOML)])
def test_every_commented_driver_loads_once_it_is_uncommented(line: tuple[str, str], tmp_path: Path) -> None:
    text, family = line
    file = tmp_path / "station.toml"
    file.write_text(re.sub(rf"^{family} = .*$", lambda _: text, STATION_TOML, count=1, flags=re.MULTILINE), "utf-8")
    assert getattr(cfg.load_station(file).lanes[0], family).driver in text


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_every_command_stands_in_every_readme(name: str) -> None:
    for readme in READMES:
        assert f"`station {name}" in readme.read_text(encoding="utf-8"), readme.name


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_documented(reason: Reason) -> None:
    assert named(reason.value, (DOCS / "passes.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_refusal_is_documented(refusal: Refusal) -> None:
    assert named(refusal.value, (DOCS / "lane.md").read_text(encoding="utf-8"))


def test_every_rule_is_documented() -> None:
    rules = {name for name, found in vars(station.rules).items() if isinstance(found, types.ModuleType)}
    files = {path.stem for path in (ROOT / "station" / "rules").glob("*.py")} - {"__init__"}
    assert rules == files
    assert not [rule for rule in sorted(rules) if not named(rule, (DOCS / "passes.md").read_text(encoding="utf-8"))]


def test_the_numbers_of_a_pass_are_documented_as_they_are() -> None:
    page = (DOCS / "passes.md").read_text(encoding="utf-8")
    kinds = ", ".join(f"{number} {kind}" for number, kind in enumerate(PassKind, 1))
    traffic = ", ".join(f"{number} {kind}" for number, kind in enumerate(TrafficKind, 1))
    scope = ", ".join(f"{number} {name.replace('_', '-')}" for number, name in cp1._SCOPE_MEMBERS.items())
    assert f"kind: {kinds}" in page
    assert f"traffic: {traffic}" in page
    assert f"scope: {scope}" in page
    assert f"| {cp1._PRIVATE} |" in page
    for place, must in enumerate(Must):
        assert cp1._bits_of({must: Attestation.DECLARED}) == 1 << place
        assert f"{place} {must}" in page


def test_the_example_pass_is_documented_as_it_decodes() -> None:
    page = (DOCS / "passes.md").read_text(encoding="utf-8")
    text = re.search(r"^CP1:([A-Z0-9].{200,})$", page, re.MULTILINE)
    assert text
    _, claims, _ = cp1._open_envelope(text[1].encode())
    found = cp1._pass_of(cp1._decode_map(claims, "claims"))
    assert (found.issuer, found.plate, found.party, found.origin) == ("pingyuan", "豫G12345", 2, "410700")
    assert f"h'{found.id}'" in page
    assert f"{len(text[0])} characters" in page


@pytest.mark.parametrize("line", commands())
def test_every_command_quoted_is_one_that_the_program_takes(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = shlex.split(re.split(r"\s[|>&]|\s#|;", line)[0])
    match words[0].removeprefix(".venv/bin/"):
        case "station":
            parser_for(words[1:]).parse_args(words[1:])
        case "scripts/demo":
            assert (ROOT / words[0]).exists()
            parser_for(["demo"]).parse_args(["demo", *words[1:]])
        case script if script.startswith("scripts/"):
            assert (ROOT / script).exists()
        case other:
            assert other in {"cd", "curl", "git", "mkdir", "mv", "segno"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_picture_is_there(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"\w+:", link)]
    broken = [link for link in links if link.split("#")[0] and not (page.parent / link.split("#")[0]).exists()]
    assert not broken


def test_what_the_shift_leader_reads_stands_on_the_screen() -> None:
    translations = ROOT / "web_ui" / "translations"
    texts = {text for name in ("en", "zh") for text in json.loads((translations / f"{name}.json").read_text()).values()}
    said = re.findall(r"\*\*(.+?)\*\*", (DOCS / "kiosk.md").read_text(encoding="utf-8"))
    assert not [text for text in said if text not in texts | {"bold"}]


@pytest.mark.parametrize("key", ["reason.", "refusal.", "fault.", "camera.lost", "uplink.", "outcome.", "source."])
def test_what_stands_on_the_screen_is_explained_to_the_shift_leader(key: str) -> None:
    texts = json.loads((ROOT / "web_ui" / "translations" / "en.json").read_text())
    page = (DOCS / "kiosk.md").read_text(encoding="utf-8")
    folded = {"reason.identity_missing", "reason.itinerary_missing", "reason.temperature_missing"}
    folded |= {"reason.disinfection_missing", "camera.lost.todo", "uplink.connected", "fault.ledger_unwritable"}
    wanted = {name: text for name, text in texts.items() if name.startswith(key) and name not in folded}
    assert not [name for name, text in wanted.items() if f"**{text}**" not in page]
