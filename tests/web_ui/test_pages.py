"""The pages, their headers, the language switch, health and metrics."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

PAGES = ["/", "/healthz", "/metrics", "/static/main.js", "/nowhere"]


def test_the_page_speaks_the_language_of_the_configuration(client: FlaskClient) -> None:
    page = client.get("/").text
    assert '<html lang="zh-CN"' in page
    assert page.count('class="lane"') == 2


def test_one_tap_switches_the_language_for_good(client: FlaskClient) -> None:
    switched = client.get("/?language=en")
    assert (switched.status_code, switched.location) == (303, "/")
    assert "SameSite=Lax" in switched.headers["Set-Cookie"]
    assert '<html lang="en"' in client.get("/").text


def test_one_tap_switches_the_theme_for_good_and_keeps_the_language(client: FlaskClient) -> None:
    client.get("/?language=en")
    assert client.get("/menu?theme=night").headers["Location"] == "/menu"
    assert '<html lang="en" data-theme="night">' in client.get("/menu").text


def test_an_unknown_theme_changes_nothing(client: FlaskClient) -> None:
    assert client.get("/?theme=%3Cb%3E").status_code == 303
    assert 'data-theme="sun"' in client.get("/").text


def test_an_unknown_language_changes_nothing(client: FlaskClient) -> None:
    assert '<html lang="zh-CN"' in client.get("/?language=xx", follow_redirects=True).text
    client.set_cookie("kiosk_language", "../../etc")
    assert '<html lang="zh-CN"' in client.get("/").text


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_strict_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path, buffered=True).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_no_page_carries_inline_script_or_style(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "style=" not in page
    assert re.search(r"<[^>]*\son\w+=", page) is None
    assert page.count("<script") == page.count('<script type="application/json"') + page.count(
        '<script type="module" src='
    )


def test_a_picture_is_never_cached(client: FlaskClient) -> None:
    picture = client.get("/lanes/1/picture.jpg?frame=3")
    assert picture.mimetype == "image/jpeg"
    assert picture.data.startswith(b"\xff\xd8")
    assert picture.headers["Cache-Control"] == "no-store"


def test_a_lane_without_a_picture_answers_with_nothing(client: FlaskClient, station: Any) -> None:
    station.jpeg = None
    assert client.get("/lanes/1/picture.jpg").status_code == 204


def test_health_is_503_when_the_station_is_not_well(client: FlaskClient, station: Any) -> None:
    assert (client.get("/healthz").status_code, client.get("/healthz").json) == (200, {"camera": "ok"})
    station.healthy = False
    assert (client.get("/healthz").status_code, client.get("/healthz").json) == (503, {"camera": "lost"})


def test_metrics_are_handed_through(client: FlaskClient) -> None:
    answer = client.get("/metrics")
    assert answer.data == b"up 1\n"
    assert answer.content_type == "text/plain; version=0.0.4"


def test_people_get_an_error_page_in_both_languages(client: FlaskClient) -> None:
    page = client.get("/nowhere", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "没有这个页面" in page.text
    assert "There is no such page" in page.text


def test_programs_get_errors_as_json(client: FlaskClient) -> None:
    answer = client.get("/lanes/9/picture.jpg", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (404, {"error": "there is no lane '9'"})


def test_a_mistake_of_the_station_answers_500_without_its_insides(app: Flask, station: Any) -> None:
    def broken() -> tuple[bool, dict[str, str]]:
        raise RuntimeError("the secret path /var/lib")

    app.view_functions["status.healthz"] = lambda: broken()
    answer = app.test_client().get("/healthz", headers={"Accept": "application/json"})
    assert answer.status_code == 500
    assert "secret" not in answer.text
