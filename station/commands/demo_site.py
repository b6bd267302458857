"""What the demo runs on: keys, traffic with real passes, and the two configuration files."""

import json
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.clock import utc_now
from station.domain.boards import FIRST_SERIAL, Board, BoardKind, board_number
from station.domain.passes import Attestation, Must, Pass, PassKind, Scope, TrafficKind
from station.hub.boards import register
from station.hub.sqlite import SqliteDatabase
from station.passes import cp1
from station.passes.keys import load_signing_key, new_list_key, new_signing_key

DISTRICT = "pingyuan"
STATION = "g107-bridge-north"
LEVELS = (DISTRICT, "qiaobei", "bridge-north")
VEHICLES = 3000  # some four hours of one lane
SHORTEST_VISIT = 2.0
LEAVE_TIME = 1.0

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_PLATES = "豫豫豫豫京冀鲁晋苏皖鄂陕"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_ORIGINS = ("410700", "410100", "110105", "130100", "370200", "420100", "310115")
_STRANGERS = ("https://example.org/menu?t=12", "您好，这是一张名片", "WIFI:T:WPA;S:guest;P:12345678;;")


@dataclass(frozen=True, slots=True)
class Site:
    """``records`` holds, by lane, the file in which a simulated camera notes what it showed; empty for real input."""

    station_toml: Path
    hub_toml: Path
    station_data: Path
    trust: Path
    lanes: tuple[str, ...]
    boards: tuple[Board, ...]
    records: dict[str, Path]


def lay_out(
    folder: Path,
    *,
    broker: str,
    kiosk: str,
    hub: str,
    driver: str,
    lanes: int,
    seed: int,
    seconds: float,
    camera: int | None,
    video: Path | None,
) -> Site:
    """Write everything the demo needs into ``folder``."""
    trust = folder / "trust"
    trust.mkdir(exist_ok=True)
    key = _district_key(folder / "district.key", trust / "district.pub")
    list_key = _list_key(folder / "list.key")
    names = tuple(str(number) for number in range(1, lanes + 1))
    simulated = camera is None and video is None
    cameras = {
        name: _real_camera(camera, video) if not simulated else _simulated(folder, name, key, seed, seconds)
        for name in names
    }
    site = Site(
        station_toml=folder / "station.toml",
        hub_toml=folder / "hub.toml",
        station_data=folder / "station",
        trust=trust,
        lanes=names,
        boards=_boards(names),
        records={name: folder / f"shown-{name}.jsonl" for name in names} if simulated else {},
    )
    site.station_toml.write_text(_station_toml(site, list_key, broker, kiosk, cameras), encoding="utf-8")
    site.hub_toml.write_text(_hub_toml(folder, list_key, broker, hub, driver), encoding="utf-8")
    _register(folder / "hub", site.boards)
    return site


def _district_key(private: Path, public: Path) -> Ed25519PrivateKey:
    """The demo's signing key; one kept from an earlier run is used again."""
    if private.exists():
        return load_signing_key(private)
    key = new_signing_key(private)
    private.with_suffix(".pub").rename(public)
    return key


def _list_key(path: Path) -> Path:
    if not path.exists():
        new_list_key(path)
    return path


def _real_camera(camera: int | None, video: Path | None) -> str:
    if video is not None:
        return f'{{ driver = "file", path = {_quoted(video.absolute())}, pace = "real", loop = true }}'
    return f'{{ driver = "v4l2", device = "{camera}" }}'


def _simulated(folder: Path, lane: str, key: Ed25519PrivateKey, seed: int, seconds: float) -> str:
    passes = folder / f"traffic-{lane}.jsonl"
    chance = random.Random(f"{seed} {lane}")
    now = utc_now()
    count = min(VEHICLES, round(seconds / SHORTEST_VISIT) + 1) if seconds else VEHICLES
    lines = (json.dumps(vehicle(chance, key, now), ensure_ascii=False) for _ in range(count))
    passes.write_text("\n".join(lines) + "\n", encoding="utf-8")
    record = folder / f"shown-{lane}.jsonl"
    ends = max(0.0, seconds - LEAVE_TIME)
    return (
        f'{{ driver = "simulated", passes = {_quoted(passes)}, record = {_quoted(record)}, '
        f"seed = {seed * 10 + int(lane)}, seconds = {ends:.1f} }}"
    )


def vehicle(chance: random.Random, key: Ed25519PrivateKey, now: datetime) -> list[str]:
    """The codes one vehicle shows: mostly a good declaration, now and then what a volunteer meets as well."""
    kinds: tuple[tuple[int, Callable[[], list[str]]], ...] = (
        (70, lambda: [cp1.issue(_declaration(chance, now), key)]),
        (8, lambda: [cp1.issue(_declaration(chance, now), key) for _ in range(3)]),
        (5, lambda: [cp1.issue(_declaration(chance, now - timedelta(days=3)), key)]),
        (4, lambda: [cp1.issue(_declaration(chance, now, levels=("another-county",)), key)]),
        (6, lambda: [cp1.issue(_declaration(chance, now, without=Must.TEST), key)]),
        (3, lambda: [cp1.issue(_declaration(chance, now), Ed25519PrivateKey.generate())]),
        (4, lambda: [f"{chance.choice(_STRANGERS)} {chance.randrange(10**6)}"]),
    )
    weights = [weight for weight, _ in kinds]
    return chance.choices(kinds, weights)[0][1]()


def _declaration(
    chance: random.Random, now: datetime, levels: tuple[str, ...] = (), without: Must | None = None
) -> Pass:
    traffic = chance.choices((TrafficKind.CAR, TrafficKind.TRUCK, TrafficKind.VAN), (7, 2, 1))[0]
    plate = chance.choice(_PLATES) + chance.choice(_LETTERS) + "".join(chance.choices("0123456789", k=5))
    return Pass(
        format="CP1",
        kind=PassKind.DECLARATION,
        id=secrets.token_hex(8),
        issuer=DISTRICT,
        issued_at=now,
        not_before=now - timedelta(minutes=5),
        expires=now + timedelta(hours=24),
        label=f"{chance.choice(_SURNAMES)}**",
        plate=plate,
        traffic=traffic,
        party=chance.randint(1, 4),
        origin=chance.choice(_ORIGINS),
        scope=Scope(levels=levels),
        musts={must: Attestation.DECLARED for must in Must if must is not without},
    )


def _boards(lanes: tuple[str, ...]) -> tuple[Board, ...]:
    """Two beside the road and one in a bus."""
    return (
        Board(board_number(FIRST_SERIAL), BoardKind.ROAD, STATION, lanes[0], "107国道桥北 1 公里"),
        Board(board_number(FIRST_SERIAL + 1), BoardKind.ROAD, STATION, lanes[-1], "107国道桥北 200 米"),
        Board(board_number(FIRST_SERIAL + 2), BoardKind.BUS, plate="豫G51234", seats=45),
    )


def _register(hub_data: Path, boards: tuple[Board, ...]) -> None:
    database = SqliteDatabase(hub_data)
    register(database, boards)
    database.close()


def _station_toml(site: Site, list_key: Path, broker: str, kiosk: str, cameras: dict[str, str]) -> str:
    lanes = "".join(
        f"""
[[lanes]]
id = "{name}"
name = "{"入口" if index % 2 == 0 else "货车"} {name}"
mode = "{"attended" if index % 2 else "automatic"}"
camera = {cameras[name]}
thermometer = {{ driver = "simulated", seed = {index + 1}, fever_every = 25 }}
gate = {{ driver = "simulated" }}
"""
        for index, name in enumerate(site.lanes)
    )
    return f"""[station]
id = "{STATION}"
name = "107国道黄河桥北岸"
district = "{DISTRICT}"
levels = {json.dumps(LEVELS)}
data_dir = {_quoted(site.station_data)}
trust_dir = {_quoted(site.trust)}
list_key = {_quoted(list_key)}
clock = "always"
{lanes}
[policy]
home_province = "41"
risk_areas = ["110105"]

[uplink]
url = "{broker}"
segment_seconds = 2

[kiosk]
listen = "{kiosk}"
"""


def _hub_toml(folder: Path, list_key: Path, broker: str, listen: str, driver: str) -> str:
    return f"""[hub]
district = "{DISTRICT}"
data_dir = {_quoted(folder / "hub")}

[broker]
url = "{broker}"

[web]
listen = "{listen}"
anonymous_read = true

[signing]
key = {_quoted(folder / "district.key")}
order_key = {_quoted(folder / "district.key")}
list_key = {_quoted(list_key)}

[driver]
listen = "{driver}"
url = "http://{driver}/"
"""


def _quoted(path: Path) -> str:
    """A TOML basic string; JSON's quoting is a subset of it."""
    return json.dumps(str(path), ensure_ascii=False)
