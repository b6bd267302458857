"""The supervisors' view: who gets in, how often one may try, what is there, and what of the kiosk is not."""

import html
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from remembering_station import RememberingStation
from scripted_door import NUMBER, PIN, ScriptedDoor, supervisor_services
from scripted_duty import an_incident, an_operator
from werkzeug.test import TestResponse

from station.domain.passage import LaneCounts
from station.domain.roster import TeamView
from station.domain.rounds import HourCounts
from station.domain.supervision import SignInRefusal, StationUnavailable
from station.domain.view import CameraView, LaneView, PassageView, StationView
from station.supervisor import masking
from web_ui import kiosk
from web_ui.reach import Reach
from web_ui.supervisor import create_app
from web_ui.supervisor.sign_in import (
    DAY,
    FOR_ONE_NUMBER,
    FROM_ONE_ADDRESS,
    FROM_ONE_ADDRESS_FOR_ONE_NUMBER,
    HOUR,
    IN_ALL,
    Attempts,
)

pytestmark = pytest.mark.clock

OVER_TLS = "https://station.example:8443"
PAGES = ("/", "/duty", "/incidents", "/today", "/station")
SHARED = {"/", "/events", "/incidents", "/today", "/static/<path:filename>"}
"""What the kiosk has as well, by GET: the frame's own files, and pages that are their own here."""

PASSAGE = PassageView(
    id=7,
    row=9,
    at="2026-03-02T04:00:00.000Z",
    outcome="held",
    proposed="held",
    reasons=("fever",),
    label="王**",
    plate="豫A12345",
    text="a stranger's text",
    said={"resident.building": "6"},
    named=True,
    temperature=38.4,
    undo_until="2026-03-02T04:00:30.000Z",
)
LANE = LaneView("1", "入口", "vehicle", "in", "attended", CameraView("ok"), PASSAGE, None, 0, LaneCounts(), 1)
STATION = StationView("g107", "桥", "Asia/Shanghai", PASSAGE.at, True, "off", "", "", 0, "", 12000)


class SupervisedStation(RememberingStation):
    def __init__(self) -> None:
        super().__init__()
        self.door = ScriptedDoor()
        self.feed.publish("lane/1", asdict(LANE))
        self.feed.publish("station", asdict(STATION))


@pytest.fixture
def station() -> Iterator[SupervisedStation]:
    supervised = SupervisedStation()
    yield supervised
    supervised.feed.close()


@pytest.fixture
def app(station: SupervisedStation) -> Flask:
    return create_app(supervisor_services(station, station.door), "en", Reach({"station.example"}, tls=True))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    return client


def get(client: FlaskClient, path: str) -> TestResponse:
    return client.get(path, base_url=OVER_TLS)


def token_of(client: FlaskClient, path: str = "/sign-in") -> str:
    found = re.search(r'name="token" value="([^"]+)"', get(client, path).text)
    assert found
    return found[1]


def sign_in(client: FlaskClient, number: str = NUMBER, pin: str = PIN, **headers: str) -> TestResponse:
    form = {"token": token_of(client), "number": number, "pin": pin}
    return client.post("/sign-in", data=form, base_url=OVER_TLS, headers=headers)


@pytest.fixture
def inside(client: FlaskClient) -> FlaskClient:
    assert sign_in(client).status_code == 303
    return client


@pytest.mark.parametrize("path", [*PAGES, "/nothing", "/healthz", "/metrics", "/lanes/1/picture.jpg"])
def test_a_stranger_sees_nothing_but_the_way_in(client: FlaskClient, path: str) -> None:
    answer = get(client, path)
    assert (answer.status_code, answer.location) == (303, "/sign-in")


@pytest.mark.parametrize("path", PAGES)
def test_a_supervisor_sees_every_page(inside: FlaskClient, path: str) -> None:
    assert get(inside, path).status_code == 200


def test_a_strangers_stream_tells_nothing_but_that_there_is_no_session(client: FlaskClient) -> None:
    said = get(client, "/events").text
    assert '"ended": true' in said
    assert "lane/" not in said
    assert "station" not in said


def test_nothing_of_the_kiosk_that_decides_or_shows_more_is_here(
    inside: FlaskClient, station: SupervisedStation
) -> None:
    """Every path of the kiosk is asked for, as a supervisor and with the token of a page."""
    token, tried = token_of(inside, "/"), 0
    for rule in kiosk.create_app(station.services()).url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        for method in rule.methods or ():
            if rule.rule in SHARED and method != "POST":
                continue
            answer = inside.open(path, method=method, data={"token": token}, base_url=OVER_TLS)
            tried += 1
            assert answer.status_code in (404, 405), f"{method} {path}"
            assert (method, answer.allow and "POST" in answer.allow) != ("POST", True), path
    assert tried > 60
    assert station.commands == []
    assert station.incidents.commands == []
    assert station.shifts.asked == []


def test_here_one_can_post_nothing_but_ones_own_coming_and_going(app: Flask) -> None:
    changing = {rule.rule for rule in app.url_map.iter_rules() if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}}
    assert changing == {"/sign-in", "/sign-out"}


def test_the_session_cookie_travels_by_tls_alone_and_to_no_script_and_no_other_site(client: FlaskClient) -> None:
    cookie = sign_in(client).headers.getlist("Set-Cookie")[-1]
    assert cookie.startswith("__Host-supervisor=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}


def test_every_answer_is_strict_about_what_a_browser_may_do_with_it(inside: FlaskClient) -> None:
    for path in (*PAGES, "/sign-in", "/nothing"):
        headers = get(inside, path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self'; base-uri 'none'")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"


def test_a_form_of_another_site_signs_nobody_in_or_out(client: FlaskClient, station: SupervisedStation) -> None:
    form = {"number": NUMBER, "pin": PIN, "token": token_of(client)}
    for wrong in (
        client.post("/sign-in", data=form | {"token": ""}, base_url=OVER_TLS),
        client.post("/sign-in", data=form, base_url=OVER_TLS, headers={"Origin": "https://evil.example"}),
        client.post("/sign-in", data=form, base_url=OVER_TLS, headers={"Sec-Fetch-Site": "cross-site"}),
    ):
        assert wrong.status_code == 403
    assert station.door.tries == []
    assert sign_in(client).status_code == 303
    assert client.post("/sign-out", base_url=OVER_TLS).status_code == 403
    assert get(client, "/").status_code == 200


def test_the_token_of_before_signing_in_is_worth_nothing_after_it(client: FlaskClient) -> None:
    before = token_of(client)
    sign_in(client)
    assert client.post("/sign-out", data={"token": before}, base_url=OVER_TLS).status_code == 403


def test_signing_out_ends_the_session_even_for_a_kept_cookie(inside: FlaskClient) -> None:
    cookie = inside.get_cookie("__Host-supervisor", domain="station.example")
    assert cookie is not None
    answer = inside.post("/sign-out", data={"token": token_of(inside, "/")}, base_url=OVER_TLS)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    inside.set_cookie("__Host-supervisor", cookie.value, domain="station.example", secure=True)
    assert get(inside, "/").location == "/sign-in"


def test_a_session_that_has_ended_leads_back_to_the_way_in(inside: FlaskClient, station: SupervisedStation) -> None:
    station.door.sessions.clear()
    assert get(inside, "/duty").location == "/sign-in"


def test_a_page_that_looks_again_by_itself_prolongs_nothing(inside: FlaskClient, station: SupervisedStation) -> None:
    get(inside, "/today?look")
    assert station.door.prolonged == 0
    get(inside, "/today")
    assert station.door.prolonged == 1


def test_a_stream_ends_with_its_session_and_says_so(inside: FlaskClient, station: SupervisedStation) -> None:
    stream = get_stream(inside)
    assert "retry: 1000" in next(stream)
    assert "lane/1" in next(stream)
    station.door.sessions.clear()
    assert '"ended": true' in "".join(stream)


def get_stream(client: FlaskClient) -> Iterator[str]:
    answer = client.get("/events", base_url=OVER_TLS, buffered=False)
    chunks = (chunk.decode() if isinstance(chunk, bytes) else chunk for chunk in answer.response)
    return (chunk for chunk in chunks if chunk)


def test_what_leaves_the_station_names_nobody_whole(inside: FlaskClient) -> None:
    stream = get_stream(inside)
    next(stream)
    said = next(stream)
    assert "豫A***45" in said
    assert "王**" in said
    for kept in ("豫A12345", "a stranger's text", "resident.building", "38.4", "notice"):
        assert kept not in said


def test_every_field_of_a_passage_is_told_by_name_or_emptied() -> None:
    (told,) = masking.told({"lane/1": asdict(LANE)}).values()
    assert told["passage"].keys() == asdict(PASSAGE).keys()
    assert masking.told({"lane/1": asdict(replace(LANE, passage=None))})["lane/1"]["passage"] is None


def test_of_incidents_the_stream_tells_how_many_are_open() -> None:
    assert masking.told({"incidents": {"open": [asdict(an_incident())]}}) == {
        "incidents": {"open": [{"id": "incident1"}]}
    }


@pytest.mark.parametrize("topic", ["orders", "something new"])
def test_a_topic_that_nobody_named_stays_at_the_station(topic: str) -> None:
    assert masking.told({topic: {"text": "x"}}) == {}


def test_wrong_and_unknown_are_told_alike(client: FlaskClient) -> None:
    known, unknown = sign_in(client, pin="000000"), sign_in(client, number="9999")
    assert (known.status_code, unknown.status_code) == (403, 403)
    assert "No supervisor has this number and PIN" in known.text
    assert without_token(known.text) == without_token(unknown.text)
    assert "000000" not in known.text


def without_token(page: str) -> str:
    return re.sub(r'name="token" value="[^"]+"', "", page)


@pytest.mark.parametrize("why", [SignInRefusal.SHORT_PIN, SignInRefusal.BUSY])
def test_every_other_refusal_says_what_to_do(
    client: FlaskClient, station: SupervisedStation, why: SignInRefusal
) -> None:
    station.door.refusal = why
    answer = sign_in(client)
    assert answer.status_code == 403
    assert ("six digits" if why is SignInRefusal.SHORT_PIN else "try again") in answer.text


def test_too_many_wrong_pins_wait_and_are_not_even_checked(client: FlaskClient, station: SupervisedStation) -> None:
    codes = [sign_in(client, pin="000000").status_code for _ in range(FROM_ONE_ADDRESS_FOR_ONE_NUMBER + 1)]
    assert codes == [403] * FROM_ONE_ADDRESS_FOR_ONE_NUMBER + [429]
    waiting = sign_in(client)
    assert waiting.status_code == 429
    assert "Wrong too often: wait 72 min" in waiting.text
    assert 0 < int(waiting.headers["Retry-After"]) <= 4320
    assert len(station.door.tries) == FROM_ONE_ADDRESS_FOR_ONE_NUMBER


def test_what_a_stranger_says_of_his_address_is_not_believed(client: FlaskClient, station: SupervisedStation) -> None:
    sign_in(client, pin="000000", **{"X-Forwarded-For": "192.0.2.99"})
    assert station.door.tries == [(NUMBER, "127.0.0.1")]


def test_the_right_pin_does_not_count_as_an_attempt() -> None:
    attempts = Attempts(lambda: 0.0)
    for _ in range(1000):
        assert attempts.wait(NUMBER, "192.0.2.1") == 0
        attempts.give_back(NUMBER, "192.0.2.1")


def test_a_number_tried_from_everywhere_an_address_that_tries_all_and_a_flood_wait() -> None:
    attempts = Attempts(lambda: 0.0)
    assert first_wait(attempts, lambda n: (NUMBER, f"192.0.2.{n}")) == FOR_ONE_NUMBER
    attempts = Attempts(lambda: 0.0)
    assert first_wait(attempts, lambda n: (f"{n}", "192.0.2.1")) == FROM_ONE_ADDRESS
    attempts = Attempts(lambda: 0.0)
    assert first_wait(attempts, lambda n: (f"{n}", f"192.0.2.{n}")) == IN_ALL


def first_wait(attempts: Attempts, who: Any) -> int:
    return next(n for n in range(1000) if attempts.wait(*who(n)))


def test_four_weeks_of_trying_find_a_pin_of_six_digits_less_often_than_once_in_five_hundred() -> None:
    """The whole of what a patient stranger with every address there is can try."""
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    tries = 0
    while now[0] < 28 * DAY:
        tries += not attempts.wait(NUMBER, f"address {tries}")
        now[0] += HOUR / 4
    assert tries / 10**6 < 1 / 500


def test_the_duty_page_has_who_is_on_and_the_hand_overs_of_today(
    inside: FlaskClient, station: SupervisedStation
) -> None:
    station.shifts.on_duty = (an_operator(),)
    station.shifts.teams = (TeamView("B", 4, 2, enough=False),)
    page = get(inside, "/duty").text
    assert "王** · 0107" in page
    assert "only 2 experienced" in page
    assert "0107 → 0108" in page
    assert all(f"<td>{n}</td>" in page for n in (120, 402, 190))


def test_open_incidents_are_listed_without_a_way_to_close_them(inside: FlaskClient, station: SupervisedStation) -> None:
    station.incidents.hold(an_incident())
    page = get(inside, "/incidents").text
    assert "38.4 at the window" in page
    assert "Go on" not in page
    assert page.count("<form") == 1  # signing out


def test_the_board_of_the_day_is_the_kiosks(inside: FlaskClient, station: SupervisedStation) -> None:
    station.hours = [HourCounts("1", 8, 70, 2, 1)]
    assert "<b>70</b>" in get(inside, "/today").text


@pytest.mark.parametrize("path", ["/duty", "/incidents", "/today", "/station"])
@pytest.mark.parametrize(("language", "says"), [("zh", "站点程序没有应答"), ("en", "The station's program does not")])
def test_a_page_whose_station_does_not_answer_says_so_and_looks_again_by_itself(
    station: SupervisedStation, path: str, language: str, says: str
) -> None:
    def unavailable() -> Any:
        raise StationUnavailable

    present = supervisor_services(station, station.door)
    services = replace(present, duty=unavailable, incidents=unavailable, hours=unavailable, parts=unavailable)
    client = create_app(services, language, Reach({"station.example"}, tls=True)).test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    sign_in(client)
    answer = get(client, path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert says in html.unescape(answer.text)
    assert 'data-look-again-s="5"' in answer.text
    assert "look.js" in answer.text


def test_nobody_is_signed_in_while_the_station_does_not_answer_and_the_page_says_so(
    client: FlaskClient, station: SupervisedStation
) -> None:
    station.door.refusal = SignInRefusal.UNAVAILABLE
    answer = sign_in(client)
    assert answer.status_code == 503
    assert "does not answer: try again soon" in answer.text


def test_a_pin_that_the_station_did_not_look_at_is_no_wrong_one(
    client: FlaskClient, station: SupervisedStation
) -> None:
    station.door.refusal = SignInRefusal.UNAVAILABLE
    for _ in range(FROM_ONE_ADDRESS_FOR_ONE_NUMBER + 1):
        assert sign_in(client).status_code == 503
    station.door.refusal = None
    assert sign_in(client).status_code == 303


def test_the_stream_says_that_the_station_does_not_answer(inside: FlaskClient, station: SupervisedStation) -> None:
    station.feed.publish("availability", {"available": False})
    stream = get_stream(inside)
    next(stream)
    assert '{"topic": "availability", "view": {"available": false}}' in next(stream)


def test_language_and_theme_are_kept_and_travel_by_tls_alone(client: FlaskClient) -> None:
    answer = get(client, "/sign-in?language=zh")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "登录" in get(client, "/sign-in").text


def test_a_browser_that_is_known_for_a_number_is_kept_out_by_no_stranger(app: Flask) -> None:
    owner, stranger = (app.test_client() for _ in range(2))
    for client in (owner, stranger):
        client.environ_base["wsgi.url_scheme"] = "https"
    assert sign_in(owner).status_code == 303
    for host in range(IN_ALL + FOR_ONE_NUMBER):
        stranger.environ_base["REMOTE_ADDR"] = f"192.0.2.{host % 256}"
        sign_in(stranger, pin="000000")
    assert sign_in(stranger).status_code == 429
    assert sign_in(owner).status_code == 303
