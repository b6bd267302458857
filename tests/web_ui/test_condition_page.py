"""The station's own state on one page."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from remembering_station import STATION, RememberingStation

from station.domain.lists import ListState, ListView
from station.domain.passage import LaneCounts
from station.domain.view import CameraView, LaneView
from web_ui.kiosk.local_time import duration

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
LANE = LaneView("1", "1", "vehicle", "in", "attended", CameraView("ok"), None, None, 0, LaneCounts(), 0)


def shown(client: FlaskClient, path: str) -> str:
    """The page without the texts that it carries for its scripts."""
    return client.get(path).text.partition("<main")[2].partition("</main>")[0]


def page(client: FlaskClient, station: RememberingStation, **changes: object) -> str:
    station.feed.publish("station", asdict(replace(STATION, **changes)))  # type: ignore[arg-type]
    station.feed.publish("lane/1", asdict(LANE))
    station.feed.publish("lane/2", asdict(replace(LANE, lane="2", faults=("gate_lost",))))
    return shown(client, "/condition")


def test_each_list_stands_there_with_age_version_and_what_is_wrong_with_it(
    client: FlaskClient, station: RememberingStation
) -> None:
    old = (station.now - timedelta(days=9, minutes=1)).isoformat()
    lists = (
        ListView("revocations", False, 1772424000, 120, old, old, ListState.STALE),
        ListView("watchlist", True, 7, 40, station.now.isoformat(), old, ListState.UNUSABLE),
    )
    found = page(client, station, lists=lists)
    for words in ("吊销名单", "9 天", "1772424000", "已过期", "布控名单 · 本站", "0 秒", "缺密钥"):
        assert words in found


@pytest.mark.parametrize(
    ("power", "faults", "said"),
    [("good", (), "正常"), ("low", ("undervoltage",), "请换本机配套的电源"), ("low_earlier", (), "开机后曾电压不足")],
)
def test_the_supply_is_told_with_what_to_do(
    client: FlaskClient, station: RememberingStation, power: str, faults: tuple[str, ...], said: str
) -> None:
    assert said in page(client, station, power=power, faults=faults)


def test_a_lane_says_its_camera_and_each_fault(client: FlaskClient, station: RememberingStation) -> None:
    found = page(client, station, disk_free_mb=320)
    assert "摄像头正常 · 门杆失联" in found
    assert "磁盘剩 320 MB" in found
    assert "磁盘 0.6 GB" in page(client, station, disk_free_mb=600)
    assert "磁盘 12 GB" in page(client, station, disk_free_mb=12000)


def test_before_the_station_has_spoken_the_page_says_that_it_waits(
    client: FlaskClient, station: RememberingStation
) -> None:
    station.feed.publish("station", {})
    assert "正在连接" in shown(client, "/condition")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, ("seconds", 0)),
        (59, ("seconds", 59)),
        (3599, ("minutes", 59)),
        (47 * 3600, ("hours", 47)),
        (200_000, ("days", 2)),
    ],
)
def test_how_long_is_said_in_one_unit(seconds: int, said: tuple[str, int]) -> None:
    assert duration((NOW - timedelta(seconds=seconds)).isoformat(), NOW) == said
