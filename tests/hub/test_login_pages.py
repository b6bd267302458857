"""Logging in on the district's pages, what each role may, and who gets nowhere."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hub_messages import NOW, live, state
from hub_visitors import BY, PASSWORD, ROOT, add_account, app_of, client_of, log_in, post, token_of, visitor_of
from scripted_hub import District

from station.domain.accounts import Role
from web_ui.district.events import MOST_OF_ONE_ACCOUNT, MOST_OF_ONE_ADDRESS
from web_ui.district.login import FROM_ONE_ADDRESS_FOR_ONE_ACCOUNT, FROM_ONE_DEVICE, Attempts
from web_ui.reach import Reach

QIAOBEI = ("pingyuan", "qiaobei")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def district(tmp_path: Path, clock: Clock) -> Iterator[District]:
    district = District(tmp_path, clock, anonymous_read=False)
    yield district
    district.close()


def test_a_stranger_is_led_to_the_login_and_back_to_what_was_asked_for(district: District) -> None:
    add_account(district, "li")
    client = client_of(district)
    answer = client.get("/boards?x=1")
    assert (answer.status_code, answer.location) == (303, "/login?next=/boards?x%3D1")
    assert log_in(client, "li", wanted="/boards?x=1").location == "/boards?x=1"
    assert client.get("/boards?x=1").status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/stations", "/api/v1/levels/pingyuan/counts", "/events", "/api/v1/nothing"])
def test_a_program_without_a_token_is_told_what_to_do(district: District, path: str) -> None:
    answer = client_of(district).get(path)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "API token" in answer.json["error"]


@pytest.mark.parametrize("path", ["/", "/nothing", "/accounts", "/audit", "/tokens", "/boards", "/password"])
def test_no_page_is_shown_to_a_stranger(district: District, path: str) -> None:
    answer = client_of(district).get(path)
    assert answer.status_code == 303
    assert answer.location.startswith("/login")


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_to_another_site(district: District, wanted: str) -> None:
    add_account(district, "li")
    assert log_in(client_of(district), "li", wanted=wanted).location == "/"


def test_a_wrong_password_is_said_without_saying_whether_the_name_is_known(district: District) -> None:
    add_account(district, "li")
    client = client_of(district)
    known, unknown = log_in(client, "li", "wrong"), log_in(client, "nobody", "wrong")
    assert (known.status_code, unknown.status_code) == (403, 403)
    assert known.text.replace('value="li"', "").split("<form")[2:] == unknown.text.split("<form")[2:]
    assert "do not go together" in known.text


def test_the_session_cookie_is_kept_from_scripts_and_from_other_sites(district: District) -> None:
    add_account(district, "li")
    cookie = log_in(client_of(district), "li").headers.getlist("Set-Cookie")[-1]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_under_tls_the_session_cookie_travels_by_tls_alone(district: District) -> None:
    add_account(district, "li")
    client = app_of(district, reached=Reach(tls=True)).test_client()
    cookie = log_in(client, "li").headers.getlist("Set-Cookie")[-1]
    assert cookie.startswith("__Host-district=")
    assert "Secure" in cookie


def test_a_login_form_of_another_site_opens_nothing(district: District) -> None:
    add_account(district, "li")
    client = client_of(district)
    form = {"name": "li", "password": PASSWORD, "token": token_of(client)}
    assert client.post("/login", data=form | {"token": ""}).status_code == 403
    assert client.post("/login", data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/login", data=form, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/login", data=form).status_code == 303


def test_the_first_login_leads_to_a_password_of_ones_own_and_nowhere_else(district: District) -> None:
    district.pages.accounts.add("li", "for the first login", Role.VIEWER, ROOT, BY)
    client = client_of(district)
    log_in(client, "li", "for the first login")
    assert client.get("/").location == "/password"
    assert client.get("/api/v1/stations").status_code == 403
    differing = post(client, "/password", "/password", old="for the first login", new=PASSWORD, again="another one")
    assert differing.status_code == 422
    own = {"old": "for the first login", "new": PASSWORD, "again": PASSWORD}
    assert post(client, "/password", "/password", **own).status_code == 303
    assert client.get("/").status_code == 200


def test_a_logout_ends_the_session_even_for_a_kept_cookie(district: District) -> None:
    client = visitor_of(district)
    cookie = client.get_cookie("district")
    assert cookie is not None
    assert post(client, "/logout", "/").location == "/login"
    client.set_cookie("district", cookie.value)
    assert client.get("/").status_code == 303


def test_an_idle_session_ends(district: District, clock: Clock) -> None:
    client = visitor_of(district)
    clock.now += timedelta(minutes=31)
    assert client.get("/").status_code == 303


def test_too_many_wrong_passwords_wait_for_one_account_and_address_alone(district: District) -> None:
    add_account(district, "li")
    add_account(district, "wang")
    client = client_of(district)
    codes = [log_in(client, "li", "wrong").status_code for _ in range(FROM_ONE_ADDRESS_FOR_ONE_ACCOUNT + 1)]
    assert codes == [403] * FROM_ONE_ADDRESS_FOR_ONE_ACCOUNT + [429]
    waiting = log_in(client, "li")
    assert "3 min" in waiting.text
    assert 0 < int(waiting.headers["Retry-After"]) <= 180
    assert log_in(client, "wang").status_code == 303
    elsewhere = client_of(district)
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    assert log_in(elsewhere, "li").status_code == 303


def test_the_right_password_does_not_count_as_an_attempt() -> None:
    attempts = Attempts(lambda: 0.0)
    for _ in range(1000):
        assert attempts.wait("li", "192.0.2.1") == 0
        attempts.succeeded("li", "192.0.2.1")


def test_names_tried_from_everywhere_wait_late_and_an_address_that_tries_them_all_too() -> None:
    attempts = Attempts(lambda: 0.0)
    assert [bool(attempts.wait("li", f"192.0.2.{host}")) for host in range(51)].index(True) == 50
    assert [bool(attempts.wait(f"name{number}", "198.51.100.1")) for number in range(101)].index(True) == 100


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        (Role.VIEWER, {"/boards": 200, "/tokens": 403, "/accounts": 403, "/audit": 403}),
        (Role.DISPATCHER, {"/boards": 200, "/tokens": 403, "/accounts": 403, "/audit": 403}),
        (Role.SUPERVISOR, {"/boards": 200, "/tokens": 200, "/accounts": 403, "/audit": 403}),
        (Role.ADMINISTRATOR, {"/boards": 200, "/tokens": 200, "/accounts": 200, "/audit": 200}),
    ],
)
def test_each_role_opens_its_pages(district: District, role: Role, pages: dict[str, int]) -> None:
    client = visitor_of(district, role=role)
    assert {path: client.get(path).status_code for path in pages} == pages


def test_an_administrator_of_a_level_hands_out_no_more_than_the_level(district: District) -> None:
    client = visitor_of(district, "wang", Role.ADMINISTRATOR, QIAOBEI)
    add_account(district, "above", Role.VIEWER, ROOT)

    def add(name: str, level: str, role: str = "viewer") -> int:
        return post(client, "/accounts", "/accounts", name=name, role=role, level=level).status_code

    assert add("one", "pingyuan") == 422
    assert add("one", "pingyuan/qiaonan") == 422
    assert add("one", "pingyuan/qiaobei/bridge", "emperor") == 422
    assert add("one", "pingyuan/qiaobei/bridge", "administrator") == 200
    page = client.get("/accounts").text
    assert 'data-account="one"' in page
    assert "above" not in page
    assert post(client, "/accounts/above/disable", "/accounts").status_code == 422
    assert client.get("/audit").status_code == 403


def test_a_first_password_made_on_the_page_is_told_once_and_works(district: District) -> None:
    client = visitor_of(district, "wang", Role.ADMINISTRATOR)
    answer = post(client, "/accounts", "/accounts", name="new.one", role="viewer", level="pingyuan")
    first = answer.text.partition('class="secret">')[2].partition("<")[0]
    assert first not in client.get("/accounts").text
    assert log_in(client_of(district), "new.one", first).location == "/"
    assert post(client, "/accounts/new.one/disable", "/accounts").status_code == 303
    assert log_in(client_of(district), "new.one", first).status_code == 403


@pytest.fixture
def api_token(district: District) -> str:
    for station, levels in (("north", (*QIAOBEI, "bridge-north")), ("south", ("pingyuan", "qiaonan", "bridge-south"))):
        district.say(state(levels=levels), station)
        district.say(live(1, lane_1=3), station)
    return district.pages.tokens.make("grafana", Role.VIEWER, QIAOBEI, 30, BY)


def ask(client: FlaskClient, path: str, token: str) -> int:
    return client.get(path, headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_token_reads_the_api_at_its_level_and_no_page(district: District, api_token: str) -> None:
    client = client_of(district)
    assert ask(client, "/api/v1/levels/pingyuan/qiaobei/counts", api_token) == 200
    assert ask(client, "/api/v1/levels/pingyuan/counts", api_token) == 404
    assert ask(client, "/api/v1/levels/pingyuan/qiaonan/counts", api_token) == 404
    assert ask(client, "/api/v1/stations", api_token + "x") == 401
    assert ask(client, "/", api_token) == 303
    assert ask(client, "/events", api_token) == 401


def test_the_api_tells_only_what_stands_beneath_the_level(district: District, api_token: str) -> None:
    answer = client_of(district).get("/api/v1/stations", headers={"Authorization": f"Bearer {api_token}"})
    assert [station["id"] for station in answer.json["stations"]] == ["north"]


def test_a_token_made_on_the_page_is_told_once_and_revoked_there(district: District) -> None:
    client = visitor_of(district, "wang", Role.SUPERVISOR)
    form = {"label": "grafana", "role": "viewer", "level": "pingyuan", "days": "30"}
    assert post(client, "/tokens", "/tokens", **form | {"role": "administrator"}).status_code == 422
    assert post(client, "/tokens", "/tokens", **form | {"days": "9999"}).status_code == 422
    told = post(client, "/tokens", "/tokens", **form).text.partition('class="secret">')[2].partition("<")[0]
    assert told.startswith("cst_")
    assert told not in client.get("/tokens").text
    stranger = client_of(district)
    assert ask(stranger, "/api/v1/stations", told) == 200
    (known,) = district.pages.tokens.beneath(ROOT)
    assert post(client, f"/tokens/{known.id}/revoke", "/tokens").status_code == 303
    assert ask(stranger, "/api/v1/stations", told) == 401


def test_what_was_looked_at_and_changed_stands_in_the_audit_trail(district: District) -> None:
    client = visitor_of(district, "wang", Role.ADMINISTRATOR)
    client.get("/boards?of=north")
    post(client, "/accounts", "/accounts", name="new.one", role="viewer", level="pingyuan")
    district.pages.trail.flush()
    page = client.get("/audit?who=wang").text
    assert "/boards?of=north" in page
    assert "new.one viewer pingyuan" in page
    assert "127.0.0.1" in page


def test_anonymous_reading_looks_and_changes_nothing(tmp_path: Path) -> None:
    district = District(tmp_path / "open", lambda: NOW)
    client = client_of(district)
    assert client.get("/").status_code == 200
    assert client.get("/accounts").location.startswith("/login")
    assert client.get("/password").location.startswith("/login")
    assert post(client, "/accounts", "/login", name="x1", role="viewer", level="pingyuan").location.startswith("/login")
    assert district.pages.accounts.beneath(ROOT) == []
    district.close()


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("localhost:8090", 303),
        ("127.0.0.1", 303),
        ("[::1]:8090", 303),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
    ],
)
def test_the_hub_answers_by_its_own_names_alone(district: District, host: str, code: int) -> None:
    assert client_of(district).get("/", headers={"Host": host}).status_code == code


def test_without_a_certificate_nobody_but_the_proxy_is_answered(district: District) -> None:
    reached = Reach(hosts=(), proxies=frozenset({"192.0.2.1"}), tls=True, only_proxies=True)
    client = app_of(district, reached=reached).test_client()
    assert client.get("/login", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 200
    assert client.get("/login", environ_base={"REMOTE_ADDR": "192.0.2.2"}).status_code == 403


def test_a_proxys_word_on_the_address_is_believed_and_nobody_elses(district: District) -> None:
    seen = {}
    for name, reached in (("li", Reach(proxies=frozenset({"127.0.0.1"}))), ("wang", Reach())):
        add_account(district, name)
        client = app_of(district, reached=reached).test_client()
        client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.5"
        log_in(client, name)
        seen[name] = {entry.address for _, entry in district.pages.trail.entries("", name) if entry.action == "login"}
    assert seen == {"li": {"203.0.113.5"}, "wang": {"127.0.0.1"}}


def test_pages_are_not_kept_by_the_browser(district: District) -> None:
    client = visitor_of(district)
    assert client.get("/boards").headers["Cache-Control"] == "no-store"
    assert "no-store" not in client.get("/static/base.css", buffered=True).headers.get("Cache-Control", "")


def test_a_browser_that_is_known_for_an_account_is_kept_out_by_no_stranger(district: District) -> None:
    add_account(district, "li")
    app = app_of(district)
    owner, stranger = app.test_client(), app.test_client()
    assert log_in(owner, "li").status_code == 303
    codes = {log_in(stranger, "li", "wrong").status_code for _ in range(FROM_ONE_ADDRESS_FOR_ONE_ACCOUNT + 1)}
    assert codes == {403, 429}
    assert log_in(stranger, "li").status_code == 429
    for network in range(60):  # more networks than the account is tried from
        stranger.environ_base["REMOTE_ADDR"] = f"2001:db8:0:{network:x}::1"
        log_in(stranger, "li", "wrong")
    assert log_in(owner, "li").status_code == 303
    assert [log_in(owner, "li", "wrong").status_code for _ in range(FROM_ONE_DEVICE + 1)][-1] == 429


def test_a_browser_is_known_for_the_accounts_that_logged_in_with_it_alone(district: District) -> None:
    add_account(district, "li")
    add_account(district, "wang")
    client = client_of(district)
    assert log_in(client, "wang").status_code == 303
    codes = [log_in(client, "li", "wrong").status_code for _ in range(FROM_ONE_ADDRESS_FOR_ONE_ACCOUNT + 1)]
    assert codes[-1] == 429
    client.set_cookie("district_known", "eyJsaSI6IngifQ.aaaa.bbbb")
    assert log_in(client, "li").status_code == 429


def test_tries_from_one_ipv6_network_count_together(district: District) -> None:
    add_account(district, "li")
    client = client_of(district)
    codes = []
    for host in range(FROM_ONE_ADDRESS_FOR_ONE_ACCOUNT + 1):
        client.environ_base["REMOTE_ADDR"] = f"2001:db8::{host:x}"
        codes.append(log_in(client, "li", "wrong").status_code)
    assert codes == [403] * FROM_ONE_ADDRESS_FOR_ONE_ACCOUNT + [429]


def test_one_accounts_streams_leave_others_theirs(district: District) -> None:
    """And the page that is refused is told why, in both languages, and comes again."""
    app = app_of(district)
    greedy, modest = app.test_client(), app.test_client()
    for name, client in (("wang", greedy), ("li", modest)):
        add_account(district, name)
        log_in(client, name)
    opened = [greedy.get("/events?watch=clock", buffered=False) for _ in range(24)]
    assert [answer.status_code for answer in opened] == [200] * MOST_OF_ONE_ACCOUNT + [429] * (24 - MOST_OF_ONE_ACCOUNT)
    assert "您打开的页面过多" in opened[-1].json["error"]
    assert "too many pages" in opened[-1].json["error"]
    assert modest.get("/events?watch=clock", buffered=False).status_code == 200
    opened[0].close()
    assert greedy.get("/events?watch=clock", buffered=False).status_code == 200
    assert modest.get("/events?watch=clock", buffered=False).status_code == 200


def test_where_nobody_logs_in_an_address_leaves_others_theirs(tmp_path: Path) -> None:
    district = District(tmp_path / "open", lambda: NOW)
    client = client_of(district)
    opened = [client.get("/events", buffered=False).status_code for _ in range(MOST_OF_ONE_ADDRESS + 1)]
    assert opened == [200] * MOST_OF_ONE_ADDRESS + [429]
    assert client.get("/events", buffered=False, environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 200
    district.close()
