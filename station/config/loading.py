"""Reading a file: every mistake in it at once, each with its key and what to do."""

import difflib
import json
import re
import stat
import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args
from urllib.parse import parse_qs, urlsplit

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from station.config.devices import GpioPanelConfig
from station.config.hub import HubConfig
from station.config.station import StationConfig

T = TypeVar("T")

_PINS = {
    "pin",
    "second_pin",
    "barrier",
    "green",
    "red",
    "amber",
    "buzzer",
    "lower",
    "feedback",
    "grant",
    "emergency",
    "door",
}
_FAMILIES = {"camera", "presence", "thermometer", "gate", "panel", "reader", "plates"}


class ConfigError(Exception):
    """``mistakes`` holds one line each, naming the key and the remedy."""

    def __init__(self, path: Path, mistakes: list[str]) -> None:
        super().__init__("\n".join(f"{path}: {mistake}" for mistake in mistakes))
        self.mistakes = mistakes


def load_station(path: Path) -> StationConfig:
    """:raises ConfigError: with every mistake in the file."""
    config = _load(path, StationConfig)
    mistakes = [*_station_mistakes(config)]
    if mistakes:
        raise ConfigError(path, mistakes)
    return config


def load_hub(path: Path) -> HubConfig:
    """:raises ConfigError: with every mistake in the file."""
    config = _load(path, HubConfig)
    broker = config.broker
    mistakes = []
    if broker.url.startswith("mqtt://") and not on_loopback(broker.url):
        mistakes.append("broker.url: mqtt:// is for a broker on this machine; use mqtts:// across a network")
    mistakes += _half_given("broker", username=broker.username, password_file=broker.password_file)
    mistakes += _half_given("broker", cert=broker.cert, key=broker.key)
    mistakes += _store_mistakes(config)
    mistakes += _web_mistakes(config)
    if config.signing.passphrase_file and not config.signing.key:
        mistakes.append("signing.passphrase_file: opens signing.key, which is missing; give both or neither")
    mistakes += _role_mistakes(config)
    mistakes += _driver_mistakes(config)
    mistakes += _home_assistant_mistakes(config)
    if mistakes:
        raise ConfigError(path, mistakes)
    return config


def _half_given(table: str, **pair: str) -> Iterator[str]:
    """Two keys that go together, and one of them is missing."""
    if any(pair.values()) and not all(pair.values()):
        yield f"{table}: {' and '.join(pair)} go together; give both or neither"


def _role_mistakes(config: HubConfig) -> Iterator[str]:
    """Where the roles are divided, each has a key."""
    signing = config.signing
    yield from _half_given("signing", root_key=signing.root_key, list_signing_key=signing.list_signing_key)
    named = {
        name: value
        for name in ("key", "order_key", "root_key", "list_signing_key")
        if (value := getattr(signing, name)) and signing.root_key
    }
    for value in {value for value in named.values() if list(named.values()).count(value) > 1}:
        same = " and ".join(name for name, other in named.items() if other == value)
        yield f"signing: {same} are one file; with root_key each role has a key of its own: station keys new --role"


def _store_mistakes(config: HubConfig) -> Iterator[str]:
    store = config.store
    if store.password_file and store.url == "sqlite":
        yield "store.password_file: SQLite asks for no password; give a postgresql:// url, or leave it out"
    parts = urlsplit(store.url)
    if parts.password is not None or "password" in parse_qs(parts.query):
        yield "store.url: a password does not belong here; put it into a file of the hub's own and name password_file"


def _web_mistakes(config: HubConfig) -> Iterator[str]:
    web = config.web
    yield from _half_given("web", cert=web.cert, key=web.key)
    if on_loopback(web.listen):
        return
    if web.anonymous_read:
        yield "web.anonymous_read: true is accepted on a loopback address only"
    if not web.cert and not web.proxies:
        yield (
            "web.listen: without TLS passwords travel in the clear; give cert and key, or proxies that bring TLS, "
            "or 127.0.0.1:PORT"
        )


def _driver_mistakes(config: HubConfig) -> Iterator[str]:
    driver = config.driver
    yield from _half_given("driver", cert=driver.cert, key=driver.key)
    if not driver.listen:
        return
    if not config.signing.key:
        yield "driver.listen: the drivers' page signs passes; give signing.key as well"
    if not driver.cert and not on_loopback(driver.listen):
        yield "driver.listen: without cert and key declarations travel in the clear; give both, or 127.0.0.1:PORT"


def _home_assistant_mistakes(config: HubConfig) -> Iterator[str]:
    told = config.home_assistant
    if told.prefix and not (told.levels or told.stations):
        yield "home_assistant.prefix: nothing is chosen; give levels or stations, or leave prefix empty"
    for path in told.levels:
        if path.split("/")[0] != config.hub.district:
            yield f"home_assistant.levels: {path}: a level is names joined by /, and the first is {config.hub.district}"


def _load(path: Path, kind: type[T]) -> T:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(path, [f"cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise ConfigError(path, ["is not UTF-8 text; save it as UTF-8"]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(path, [f"is not TOML: {error}"]) from None
    try:
        # As JSON, because strict validation takes tables for dataclasses and arrays for tuples only from there.
        return TypeAdapter(kind).validate_json(json.dumps(data, default=str))
    except ValidationError as error:
        raise ConfigError(path, _mistakes(error, kind)) from None


def _station_mistakes(config: StationConfig) -> Iterator[str]:
    if config.station.id == "all":
        yield "station.id: 'all' stands for every station in MQTT topics; give it a name of its own"
    ids = [lane.id for lane in config.lanes]
    for lane in sorted({lane for lane in ids if ids.count(lane) > 1}):
        yield f"lanes: the id {lane!r} is used more than once; give each lane its own"
    yield from _pins_used_twice(config)
    yield from _panels_without_a_pin(config)
    if not on_loopback(config.kiosk.listen):
        yield "kiosk.listen: the touchscreen has no login, so it listens on this machine only; give 127.0.0.1:PORT"
    yield from _supervisor_mistakes(config)
    uplink = config.uplink
    if uplink is None:
        return
    if uplink.url.startswith("mqtt://") and not on_loopback(uplink.url):
        yield "uplink.url: mqtt:// is for a broker on this machine; use mqtts:// with ca, cert and key"
    yield from _half_given("uplink", cert=uplink.cert, key=uplink.key)


def _supervisor_mistakes(config: StationConfig) -> Iterator[str]:
    supervisor = config.supervisor
    yield from _half_given("supervisor", cert=supervisor.cert, key=supervisor.key)
    if supervisor.listen and not supervisor.cert:
        yield "supervisor.listen: without TLS the PIN travels in the clear; give cert and key, or leave listen out"
    if supervisor.listen and not (on_loopback(supervisor.listen) or _is_everywhere(supervisor.listen)):
        yield (
            "supervisor.listen: a network that is not up yet would keep the view from starting; "
            "give 0.0.0.0:PORT or [::]:PORT, and let the firewall say who may come"
        )
    if supervisor.key and _is_open_to_all(Path(supervisor.key)):
        yield (
            f"supervisor.key: {supervisor.key} can be read by everybody on this machine; "
            f"chgrp station {supervisor.key}; chmod 640 {supervisor.key}"
        )


def _is_everywhere(address: str) -> bool:
    return address.rpartition(":")[0].strip("[]") in ("0.0.0.0", "::")  # noqa: S104 - compared, never listened on


def _is_open_to_all(key: Path) -> bool:
    """What is not there, or not for us to see, the view itself tells when it runs."""
    try:
        return bool(key.stat().st_mode & stat.S_IROTH)
    except OSError:
        return False


def _panels_without_a_pin(config: StationConfig) -> Iterator[str]:
    for number, lane in enumerate(config.lanes, 1):
        panel = lane.panel
        if isinstance(panel, GpioPanelConfig) and panel.grant is panel.emergency is panel.door is None:
            yield f"lanes.{number}.panel: has no pin; give grant, emergency or door one, or driver none"


def _pins_used_twice(config: StationConfig) -> Iterator[str]:
    used: dict[int, str] = {}
    for number, lane in enumerate(config.lanes, 1):
        for family in ("presence", "gate", "panel"):
            table = getattr(lane, family)
            for item in fields(table):
                pin, key = getattr(table, item.name), f"lanes.{number}.{family}.{item.name}"
                if item.name in _PINS and pin is not None and used.setdefault(pin, key) != key:
                    yield f"{key}: pin {pin} is {used[pin]} already; give each its own"


def on_loopback(address: str) -> bool:
    """Whether an address or URL is on this machine."""
    host = re.sub(r"^\w+://", "", address)
    return bool(re.match(r"^(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$", host))


def _mistakes(error: ValidationError, kind: type) -> list[str]:
    """One line a mistake. An array that is empty only because its items are wrong is not a mistake of its own."""
    details = error.errors()
    wrong = {detail["loc"][:depth] for detail in details for depth in range(len(detail["loc"]))}
    return [_mistake(d, kind) for d in details if d["type"] != "too_short" or d["loc"] not in wrong]


def _mistake(detail: ErrorDetails, kind: type) -> str:
    path = _without_tags(detail["loc"])
    key = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in path)
    match detail["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            return f"{key}: no such key{_suggestion(str(path[-1]), kind)}"
        case "union_tag_invalid":
            found, known = detail["ctx"]["tag"], detail["ctx"]["expected_tags"]
            return f"{key}.driver: no driver is called {found!r}; there are {known}"
        case "union_tag_not_found":
            return f"{key}.driver: is missing"
        case "missing":
            return f"{key}: is missing"
        case "string_pattern_mismatch":
            return f"{key}: {detail['input']!r} does not have the form {detail['ctx']['pattern']}"
        case _:
            message = detail["msg"].removeprefix("Value error, ")
            return f"{key}: {message[0].lower()}{message[1:]} (found {detail['input']!r})"


def _without_tags(place: tuple[int | str, ...]) -> list[int | str]:
    """Pydantic puts the driver's name into the location of a mistake inside a driver's table, behind the family."""
    return [part for part, before in zip(place, (None, *place), strict=False) if before not in _FAMILIES]


def _suggestion(key: str, kind: type) -> str:
    close = difflib.get_close_matches(key, sorted(set(_all_keys(kind))), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _all_keys(kind: Any) -> Iterator[str]:
    """Every key anywhere below a dataclass, through tuples, unions and annotations."""
    if is_dataclass(kind):
        for item in fields(kind):
            yield item.name
            yield from _all_keys(item.type)
        return
    for argument in get_args(kind):
        yield from _all_keys(argument)
