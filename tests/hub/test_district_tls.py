"""The district's pages over TLS, and what a station's credentials are worth there: nothing."""

import base64
import http.client
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from authority import Authority
from hub_messages import NOW, state
from hub_visitors import PASSWORD, add_account
from scripted_hub import District

from station.config import WebSection
from station.screens import reach
from web_ui.district import create_app
from web_ui.reach import LOOPBACK
from web_ui.server import Server, serve

pytestmark = pytest.mark.clock

STATION = "bridge-north"


@pytest.fixture
def authority() -> Authority:
    return Authority()


@pytest.fixture
def server(tmp_path: Path, authority: Authority) -> Iterator[Server]:
    _, cert, key = authority.write(tmp_path / "hub", "localhost")
    web = WebSection(listen="127.0.0.1:0", cert=str(cert), key=str(key))
    district = District(tmp_path / "district", lambda: NOW, anonymous_read=False)
    district.say(state(), STATION)
    add_account(district, "li")
    app = create_app(district.services, "en", reach(web))
    server = serve(app, web.listen, threads=4, tls=(web.cert, web.key))
    server.start()
    yield server
    district.closing.set()
    server.stop()
    district.close()


@pytest.fixture
def as_station(tmp_path: Path, authority: Authority, server: Server) -> Iterator[http.client.HTTPSConnection]:
    """A connection that shows the certificate with which the station comes to the broker."""
    _, cert, key = authority.write(tmp_path / "station", STATION)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.load_cert_chain(cert, key)
    port = int(server.address.rpartition(":")[2])
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=10)
    yield connection
    connection.close()


def ask(connection: http.client.HTTPSConnection, path: str, method: str = "GET", **more: object) -> tuple[int, str]:
    connection.request(method, path, **more)  # type: ignore[arg-type]
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, answer.headers.get("Location", "") + body


PAGES = [
    "/",
    f"/stations/{STATION}",
    "/wall",
    "/curves",
    "/tables",
    "/boards",
    "/accounts",
    "/audit",
    "/incidents",
    "/inspections",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_stations_certificate_opens_no_page(as_station: http.client.HTTPSConnection, path: str) -> None:
    code, said = ask(as_station, path)
    assert code == 303
    assert said.startswith("/login")


@pytest.mark.parametrize("path", ["/api/v1/stations", "/api/v1/levels/pingyuan/counts", "/events"])
def test_a_stations_certificate_and_name_read_no_api(as_station: http.client.HTTPSConnection, path: str) -> None:
    name = base64.b64encode(f"{STATION}:{STATION}".encode()).decode()
    for credentials in (f"Basic {name}", f"Bearer {STATION}", ""):
        headers = {"Authorization": credentials} if credentials else {}
        assert ask(as_station, path, headers=headers)[0] == 401


def test_a_stations_name_logs_nobody_in(as_station: http.client.HTTPSConnection, server: Server) -> None:
    as_station.request("GET", "/login")
    answer = as_station.getresponse()
    token = answer.read().decode().partition('name="token" value="')[2].partition('"')[0]
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    for name, password in ((STATION, STATION), (STATION, ""), (STATION, PASSWORD)):
        form = urlencode({"token": token, "name": name, "password": password})
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        assert ask(as_station, "/login", "POST", body=form, headers=headers)[0] == 403


def test_the_session_cookie_is_bound_to_tls_and_to_this_host(as_station: http.client.HTTPSConnection) -> None:
    as_station.request("GET", "/login")
    answer = as_station.getresponse()
    answer.read()
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-district=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}


def test_on_loopback_the_hub_goes_by_loopbacks_names_and_those_of_its_configuration() -> None:
    found = reach(WebSection(hosts=("hub.example.cn",)))
    assert found.hosts == {*LOOPBACK, "hub.example.cn"}
    assert (found.tls, found.only_proxies) == (False, False)


def test_beyond_loopback_names_are_held_to_as_they_are_given_or_known() -> None:
    assert reach(WebSection(listen="192.0.2.1:443", cert="c", key="k")).hosts == LOOPBACK | {"192.0.2.1"}
    named = reach(WebSection(listen="192.0.2.1:443", cert="c", key="k", hosts=("hub.example.cn",)))
    assert "hub.example.cn" in named.hosts
    assert (named.tls, named.only_proxies) == (True, False)


def test_behind_a_proxy_beyond_loopback_nobody_else_is_answered() -> None:
    found = reach(WebSection(listen="192.0.2.1:80", proxies=("192.0.2.9",)))
    assert (found.tls, found.only_proxies, found.proxies) == (True, True, {"192.0.2.9"})
