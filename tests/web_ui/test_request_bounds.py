"""What a request may bring: numbers, days, texts and JSON within bounds, and a clear 400 for what is beyond."""

import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, jsonify, request
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from station.domain.bounds import MAX_ROW
from web_ui.request_bounds import MAX_FIELDS, MAX_JSON_DEPTH, bound_requests
from web_ui.request_values import read_day, read_decimal, read_whole


@pytest.fixture(scope="module")
def echo() -> FlaskClient:
    app = Flask("echo")
    bound_requests(app, 64 * 1024)

    @app.post("/json")
    def said() -> object:
        return jsonify(request.get_json())

    @app.route("/<path:path>", methods=["GET", "POST"])
    def fields(path: str) -> object:
        return jsonify(args=request.args.to_dict(flat=False), form=request.form.to_dict(flat=False))

    return app.test_client()


@given(st.integers(-MAX_ROW, MAX_ROW))
def test_a_whole_number_within_its_bounds_is_read(number: int) -> None:
    assert read_whole(str(number), -MAX_ROW, MAX_ROW) == number
    assert read_whole(str(number), number + 1, MAX_ROW) is None


@given(st.text(st.characters(categories=["N", "P", "Z"])) | st.integers().map(str) | st.floats().map(str))
def test_what_is_no_number_within_the_bounds_reads_as_none_and_never_raises(text: str) -> None:
    number = read_whole(text, 0, 99)
    assert number is None or (0 <= number <= 99 and text.isascii())
    decimal = read_decimal(text, 5000)
    assert decimal is None or 0 < decimal <= 5000


@pytest.mark.parametrize("text", ["²", "٣", "１", "", "-", "--1", "1_0", "+1", " 1", "1\n", "9" * 5000, "1e3", "nan"])
def test_what_python_takes_for_a_number_beside_ascii_digits_is_none(text: str) -> None:
    assert read_whole(text, -MAX_ROW, MAX_ROW) is None


@given(st.text() | st.dates().map(str))
def test_around_every_day_that_is_read_time_can_be_counted(text: str) -> None:
    day = read_day(text)
    if day is not None:
        for zone in ("Pacific/Kiritimati", "Pacific/Niue", "Asia/Shanghai"):
            for days in (-200, 200):
                moment = datetime.combine(day + timedelta(days=days), time(), ZoneInfo(zone))
                assert moment.astimezone(UTC).tzinfo is UTC


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "0000-01-01", "2026-02-30", "20260301", "2026-W01-1"])
def test_a_day_at_the_ends_of_the_calendar_or_of_no_calendar_is_none(text: str) -> None:
    assert read_day(text) is None
    assert read_day("2026-03-01") == date(2026, 3, 1)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_ROW, MAX_ROW) | st.text(st.characters(exclude_categories=["C"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc"), inner, max_size=4),
)


@given(said=_JSON)
def test_json_that_is_in_order_arrives_as_it_was_sent(echo: FlaskClient, said: object) -> None:
    assert echo.post("/json", json=said).json == said


@pytest.mark.parametrize(
    "body",
    [
        "[" * 30_000,
        "[" * (MAX_JSON_DEPTH + 1) + "]" * (MAX_JSON_DEPTH + 1),
        '{"a":' * (MAX_JSON_DEPTH + 1) + "1" + "}" * (MAX_JSON_DEPTH + 1),
        "NaN",
        "[Infinity]",
        '{"x": -Infinity}',
        "9" * 5000,
        '"\\ud800"',
        '{"\\udfff": 1}',
        '"a\\u0000b"',
        '["\\u001b[2J"]',
        "",
        "{",
    ],
)
def test_json_beyond_the_bounds_is_a_400(echo: FlaskClient, body: str) -> None:
    assert echo.post("/json", data=body, content_type="application/json").status_code == 400


def test_json_that_is_no_utf_8_is_a_400(echo: FlaskClient) -> None:
    assert echo.post("/json", data=b'"\xff\xfe\xed\xa0\x80"', content_type="application/json").status_code == 400


@pytest.mark.parametrize("text", ["%00", "a%00b", "%1b[2J", "%7f", "%08"])
def test_control_characters_in_path_query_or_form_are_a_400(echo: FlaskClient, text: str) -> None:
    assert echo.get(f"/{text}").status_code == 400
    assert echo.get(f"/x?a={text}").status_code == 400
    assert echo.get(f"/x?{text}=1").status_code == 400
    form = {"data": f"a={text}", "content_type": "application/x-www-form-urlencoded"}
    assert echo.post("/x", **form).status_code == 400


def test_lines_and_what_is_written_in_any_language_pass(echo: FlaskClient) -> None:
    answer = echo.post("/x", data={"words": "一行\r\n二行\t𠮷 Ü é"})
    assert json.loads(answer.data)["form"]["words"] == ["一行\r\n二行\t𠮷 Ü é"]


def test_more_fields_or_bytes_than_a_form_can_have_are_a_413(echo: FlaskClient) -> None:
    fields = {f"f{number}": "" for number in range(MAX_FIELDS + 1)}
    assert echo.get("/x", query_string=fields).status_code == 413
    assert echo.post("/x", data=fields).status_code == 413
    assert echo.post("/x", data=fields, content_type="multipart/form-data").status_code == 413
    assert echo.post("/x", data={"a": "x" * 70_000}).status_code == 413
