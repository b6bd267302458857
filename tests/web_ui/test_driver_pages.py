"""The drivers' page by HTTP: what is asked, what is answered, and what is told to nobody."""

import base64
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from flask.testing import FlaskClient
from made import KEY, TRUST, a_pass
from scripted_driver import BARE_BUS, BUS, ROAD, Desk

from station import passes
from station.domain.declaration import MOST_PLACES
from station.domain.details import DeclarationDetails
from station.domain.passes import Attestation, Must, Pass, PassKind, TrafficKind
from station.hub.database import StoreUnwritable
from station.hub.declaring import _reference
from station.hub.sqlite import SqliteDatabase
from station.passes import cp1
from web_ui.driver import Limits, Rates, create_app

KILOBYTES_60 = 60 * 1024
FILLED = {
    **{"province": "豫", "serial": "g 12345", "traffic": "car", "party": "3", "o": "4107", "i": ["4201", "1100"]},
    "must": [must.value for must in Must],
}
FORM = f"/b/{ROAD.number}"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


@pytest.fixture
def client(desk: Desk) -> FlaskClient:
    return create_app(desk.services, Limits(Rates(1000, 1000, 10_000))).test_client()


def declared(client: FlaskClient, **changes: object) -> Pass:
    """The pass that a form gives, read from the picture on the page as a lane would."""
    page = client.post(FORM, data=FILLED | changes, follow_redirects=True)
    assert page.status_code == 200, page.text
    picture = page.text.split('src="data:image/png;base64,')[1].split('"')[0]
    pixels = cv2.imdecode(np.frombuffer(base64.b64decode(picture), np.uint8), cv2.IMREAD_GRAYSCALE)
    (code,) = zxingcpp.read_barcodes(pixels, formats=zxingcpp.BarcodeFormat.QRCode)
    found = passes.read(code.bytes, code.text, TRUST)
    assert isinstance(found, Pass)
    return found


def test_a_filled_form_becomes_a_pass_with_all_that_was_declared(client: FlaskClient, desk: Desk) -> None:
    found = declared(client)
    assert (found.kind, found.plate, found.party, found.origin) == (PassKind.DECLARATION, "豫G12345", 3, "410700")
    assert found.traffic is TrafficKind.CAR
    assert found.details == DeclarationDetails(("420100", "110000"))
    assert found.musts == dict.fromkeys(Must, Attestation.DECLARED)
    assert (found.expires - found.issued_at).total_seconds() == 6 * 3600
    assert found.not_before < found.issued_at
    assert found.label == ""


def test_a_must_that_was_not_ticked_is_not_in_the_pass(client: FlaskClient) -> None:
    assert set(declared(client, must=["identity", "test"]).musts) == {Must.IDENTITY, Must.TEST}


@pytest.mark.parametrize("traffic", ["bicycle", "person", "other"])
def test_what_carries_no_plate_declares_without_one(client: FlaskClient, traffic: str) -> None:
    assert declared(client, traffic=traffic, serial="").plate == ""


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"serial": "12345"}, "请选省份简称"),
        ({"province": ""}, "请选省份简称"),
        ({"traffic": "tank"}, "请选一种"),
        ({"party": "0"}, "请填 1 到 99"),
        ({"party": "²"}, "请填 1 到 99"),
        ({"party": "1" * 5000}, "请填 1 到 99"),
        ({"o": "4100"}, "请选省份和城市"),
        ({"o": "新乡"}, "请选省份和城市"),
        ({"i": ["4201", "4202", "4203", "4205", "4206", "4207", "4208", "4209", "4210"]}, "去过的地方太多"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_is_lost(
    client: FlaskClient, desk: Desk, changes: dict[str, object], says: str
) -> None:
    page = client.post(FORM, data=FILLED | changes)
    assert page.status_code == 422
    assert says in page.text
    assert page.text.count("checked") >= 5
    if "serial" not in changes:
        assert 'value="g 12345"' in page.text
    assert desk.counts(ROAD) == (0, 0)


def test_places_that_are_none_and_the_origin_again_are_left_out(client: FlaskClient) -> None:
    found = declared(client, i=["4107", "9999", "4201", "4201"])
    assert found.details == DeclarationDetails(("420100",))
    assert MOST_PLACES == 8


def test_further_places_are_offered_without_script_and_what_was_filled_in_stays(client: FlaskClient) -> None:
    page = client.post(FORM, data={**FILLED, "i": [], "more": "1"}).text
    assert page.count("name=i ") > 300
    assert 'value="g 12345"' in page
    assert "value=4107 checked" in page


def test_the_page_is_small_whole_and_for_the_way_over_the_air_smaller_still(client: FlaskClient) -> None:
    rest = sum(len(client.get(f"/static/driver.{kind}", buffered=True).data) for kind in ("css", "js"))
    for language in ("zh", "en"):
        page = client.get(f"{FORM}?lang={language}").data
        assert len(page) + rest < KILOBYTES_60 * 2 / 3
        most = client.post(f"{FORM}?lang={language}", data={"more": "1"}).data
        assert len(most) < KILOBYTES_60
        answer = client.get(f"{FORM}?lang={language}", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.data) == page
        assert len(answer.data) < 10_000


def test_opening_a_board_is_a_scan_and_switching_the_language_is_none(client: FlaskClient, desk: Desk) -> None:
    client.get(FORM)
    client.get(f"{FORM}?lang=en")
    client.get(f"/v/{BUS.number}")
    assert desk.counts(ROAD) == (1, 0)
    assert desk.counts(BUS) == (1, 0)


@pytest.mark.parametrize("path", ["/b/12345", "/b/x", "/v/x", f"/v/{ROAD.number}", "/p/AAAA", "/t/nobody", "/nothing"])
def test_what_is_not_there_is_said_kindly_and_offers_to_type_the_number(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert 'name="number"' in answer.text


def test_a_typed_number_opens_its_board(client: FlaskClient) -> None:
    assert "申报" in client.get(f"/?number={ROAD.number}", follow_redirects=True).text
    assert "司机" in client.get(f"/?number={BUS.number}", follow_redirects=True).text
    assert client.get("/?number=10000").status_code == 404


def test_the_language_is_the_phones_until_it_is_switched(client: FlaskClient) -> None:
    assert "Number plate" in client.get(FORM, headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    assert "车牌号" in client.get(FORM, headers={"Accept-Language": "zh-CN,zh;q=0.9"}).text
    assert "车牌号" in client.get(FORM, headers={"Accept-Language": "fr"}).text
    switched = client.get(f"{FORM}?lang=en").text
    assert f'action="{FORM}?lang=en"' in switched
    assert f'href="{FORM}?lang=zh"' in switched


def test_a_pass_is_loaded_again_without_a_second_one_and_until_it_expires(client: FlaskClient, desk: Desk) -> None:
    shown = client.post(FORM, data=FILLED)
    assert shown.status_code == 303
    first = client.get(shown.location)
    assert first.cache_control.private
    assert first.cache_control.max_age == 6 * 3600
    assert client.get(shown.location).data == first.data
    assert desk.counts(ROAD) == (0, 1)
    desk.later(hours=6)
    late = client.get(shown.location)
    assert "已过期" in late.text
    assert "data:image" not in late.text


def test_only_declarations_of_this_district_are_drawn(client: FlaskClient) -> None:
    badge = _reference(cp1.issue(a_pass(kind=PassKind.BADGE), KEY))
    assert client.get(f"/p/{badge}").status_code == 404


def test_no_cookie_is_set_for_a_driver_and_a_strict_policy_for_all(client: FlaskClient) -> None:
    for answer in (client.get(FORM), client.post(FORM, data=FILLED), client.get("/nothing")):
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'; img-src 'self' data:;")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "<script>" not in answer.text
        assert "style=" not in answer.text


def test_scanning_again_with_the_same_phone_counts_a_passenger_once(client: FlaskClient, desk: Desk) -> None:
    secret = desk.services.start_trip(BUS, BUS.plate, 40)
    for party in ("2", "5"):
        client.get(f"/v/{BUS.number}")
        answer = client.post(f"/v/{BUS.number}", data={"party": party, "o": "4107"})
        assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert f"Path=/v/{BUS.number}" in cookie
    assert "HttpOnly" in cookie
    trip = desk.services.trip(secret)
    assert trip is not None
    assert trip.declared == 5


def test_correcting_oneself_counts_once_where_cookies_are_refused(desk: Desk) -> None:
    app = create_app(desk.services, Limits(Rates(1000, 1000, 10_000)))
    secret = desk.services.start_trip(BUS, BUS.plate, 40)
    client = app.test_client(use_cookies=False)
    done = client.post(f"/v/{BUS.number}", data={"party": "2", "o": "4107"}, follow_redirects=True).text
    correct = done.split('href="')[-1].split('"')[0].replace("&amp;", "&")
    word = client.get(correct).text.split('name="phone" value="')[1].split('"')[0]
    client.post(f"/v/{BUS.number}", data={"party": "3", "o": "4107", "phone": word})
    trip = desk.services.trip(secret)
    assert trip is not None
    assert trip.declared == 3


def test_a_bus_without_a_plate_on_its_board_is_asked_for_it(client: FlaskClient) -> None:
    path = f"/v/{BARE_BUS.number}/start"
    assert client.post(path, data={"seats": "40"}).status_code == 422
    shown = client.post(path, data={"province": "豫", "serial": "G51235", "seats": "40"}, follow_redirects=True)
    assert "豫G51235" in shown.text


def test_a_bus_takes_no_more_than_its_seats(client: FlaskClient) -> None:
    answer = client.post(f"/v/{BUS.number}/start", data={"seats": "41"})
    assert answer.status_code == 422
    assert "不超过座位数" in answer.text


def test_a_second_journey_is_refused_with_what_to_do(client: FlaskClient, desk: Desk) -> None:
    desk.services.start_trip(BUS, BUS.plate, 40)
    answer = client.post(f"/v/{BUS.number}/start", data={"seats": "40"})
    assert answer.status_code == 409
    assert "行程还没有结束" in answer.text


def test_the_driver_ends_a_journey_and_may_start_another(client: FlaskClient, desk: Desk) -> None:
    secret = desk.services.start_trip(BUS, BUS.plate, 40)
    assert client.post(f"/t/{secret}/end").status_code == 303
    assert client.get(f"/t/{secret}").status_code == 404
    assert client.post(f"/v/{BUS.number}/start", data={"seats": "40"}).status_code == 303


def test_while_the_disk_takes_nothing_drivers_still_get_passes_and_passengers_are_told(
    client: FlaskClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = desk.services.start_trip(BUS, BUS.plate, 40)
    desk.later(minutes=5)
    monkeypatch.setattr(SqliteDatabase, "transaction", _full)
    assert declared(client).plate == "豫G12345"
    assert client.get(f"/t/{secret}").status_code == 200
    answer = client.post(f"/v/{BUS.number}", data={"party": "2", "o": "4107"})
    assert answer.status_code == 409
    assert "存不下来" in answer.text
    assert client.post(f"/t/{secret}/end").status_code == 409


def test_a_form_that_is_far_too_long_is_refused(client: FlaskClient) -> None:
    answer = client.post(FORM, data=FILLED | {"serial": "1" * 20_000})
    assert answer.status_code == 413
    assert "太长" in answer.text


def test_health_says_well_or_not_and_nothing_else(client: FlaskClient) -> None:
    assert json.loads(client.get("/healthz").text) == {"ok": True}


def test_nothing_of_the_district_is_behind_the_page(client: FlaskClient) -> None:
    rules = {rule.rule for rule in client.application.url_map.iter_rules()}
    assert rules == {
        *("/", "/b/<number>", "/p/<reference>", "/v/<number>", "/v/<number>/declared", "/v/<number>/start"),
        *("/t/<secret>", "/t/<secret>/end", "/healthz", "/static/<path:filename>"),
    }


def _full(self: SqliteDatabase) -> None:
    raise StoreUnwritable("disk full")
