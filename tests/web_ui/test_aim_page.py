"""The aiming page and its poll, over the station that remembers."""

from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from station.domain.aim import Advice, Aim, CodeAim, Verdict, aim_of
from station.domain.optics import Exposure
from web_ui.kiosk import create_app

LIGHT = Exposure(mean=118.0, contrast=150.0, burnt=0.03, black=0.1)
CODE = CodeAim(((0, 0), (9, 0), (9, 9), (0, 9)), 53, 3.0, 1.6, 1.0, 2.0, Verdict.GOOD, Verdict.GOOD)
AIM = Aim(1280, 720, LIGHT, LIGHT, Verdict.GOOD, CODE, (Advice.FINE,))


@pytest.fixture
def aims() -> dict[str, Aim]:
    return {"1": AIM}


@pytest.fixture
def aiming(station: Any, aims: dict[str, Aim]) -> FlaskClient:
    services = replace(station.services(), aim=lambda lane: asdict(aims[lane]) if lane in aims else None)
    return create_app(services).test_client()


def limits(answer: Any) -> dict[int, float]:
    """Metres by printed size."""
    return {one["size"]: round(one["limit"] / 1000, 2) for one in answer.json["distances"]}


def test_the_page_names_its_lane_in_the_chosen_language(aiming: FlaskClient) -> None:
    assert "对准车道 2 的摄像头" in aiming.get("/aim/2").text
    switched = aiming.get("/aim/2?language=en")
    assert (switched.status_code, switched.location) == (303, "/aim/2")
    assert "Aiming lane 2" in aiming.get("/aim/2").text


def test_the_page_carries_no_inline_script_or_style(aiming: FlaskClient) -> None:
    page = aiming.get("/aim/1").text
    assert "style=" not in page
    assert page.count("<script") == 2


@pytest.mark.parametrize("path", ["/aim/9", "/aim/9.json"])
def test_a_lane_that_is_not_there_is_not_found(aiming: FlaskClient, path: str) -> None:
    assert aiming.get(path).status_code == 404


def test_the_lanes_link_to_their_aiming_pages(aiming: FlaskClient) -> None:
    page = aiming.get("/").text
    assert 'href="/aim/1"' in page
    assert 'href="/aim/2"' in page


def test_the_poll_hands_the_aim_through_with_distances_for_the_usual_lens(aiming: FlaskClient) -> None:
    answer = aiming.get("/aim/1.json")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["aim"]["code"]["scale"] == "good"
    assert answer.json["aim"]["advice"] == ["fine"]
    assert limits(answer) == {50: 0.62, 80: 0.99, 120: 1.49, 200: 2.48}


def test_the_distances_follow_the_angle_of_view(aiming: FlaskClient) -> None:
    assert limits(aiming.get("/aim/1.json?view=90"))[80] == pytest.approx(0.64, abs=0.01)


def test_a_known_size_at_a_known_distance_stands_for_the_lens(aiming: FlaskClient) -> None:
    """3 px per module at 2 m are 1.5 at 4 m."""
    assert limits(aiming.get("/aim/1.json?size=80&distance=2"))[80] == 4.0


def test_without_a_code_nothing_can_be_measured_by_one(aiming: FlaskClient, aims: dict[str, Aim]) -> None:
    aims["1"] = aim_of(np.full((72, 128, 3), 120, np.uint8))
    assert aiming.get("/aim/1.json?size=80&distance=2").json["distances"] == []
    empty = aiming.get("/aim/1.json").json
    assert (empty["aim"]["code"], empty["modules"], len(empty["distances"])) == (None, 53, 4)


def test_a_lane_without_a_picture_has_nothing_to_measure(aiming: FlaskClient) -> None:
    assert aiming.get("/aim/2.json").json == {"aim": None, "modules": 53, "distances": []}


@pytest.mark.parametrize(
    "asked", ["view=0", "view=171", "view=wide", "view=nan", "size=-1&distance=2", "size=8&distance="]
)
def test_a_number_that_makes_no_sense_is_refused_by_name(aiming: FlaskClient, asked: str) -> None:
    answer = aiming.get(f"/aim/1.json?{asked}", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert "must be a number above 0" in answer.json["error"]
