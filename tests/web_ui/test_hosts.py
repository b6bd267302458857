"""All four applications answer to their own names alone, lead nowhere else, and say so on errors too."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scripted_door import ScriptedDoor, supervisor_services
from scripted_driver import Desk
from scripted_hub import District

from station.config import DriverSection, WebSection
from station.screens import reach, reach_of_drivers
from web_ui import district as district_pages
from web_ui import driver as driver_pages
from web_ui import kiosk as kiosk_pages
from web_ui import supervisor as supervisor_pages
from web_ui.certificate_names import certificate_names
from web_ui.driver import Limits, Rates
from web_ui.reach import Reach, host_name, names_of
from web_ui.redirects import own_path

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MANY = Limits(Rates(100_000, 100_000, 100_000))
Apps = dict[str, Callable[[Reach], Flask]]


@pytest.fixture
def apps(station: object, tmp_path: Path) -> Iterator[Apps]:
    district, desk = District(tmp_path / "hub", lambda: NOW), Desk(tmp_path / "driver")
    yield {
        "kiosk": lambda reached: kiosk_pages.create_app(station.services(), "zh", reached),  # type: ignore[attr-defined]
        "supervisor": lambda r: supervisor_pages.create_app(supervisor_services(station, ScriptedDoor()), "zh", r),
        "district": lambda reached: district_pages.create_app(district.services, "zh", reached),
        "driver": lambda reached: driver_pages.create_app(desk.services, MANY, "zh", reached),
    }
    desk.close()
    district.close()


APPS = pytest.mark.parametrize("name", ["kiosk", "supervisor", "district", "driver"])
OURS = Reach(names_of("10.0.0.5:8080", "station.example", "*.district.example"))


@APPS
@pytest.mark.parametrize("path", ["/", "/events", "/lanes/1/picture.jpg", "/healthz", "/static/x.js", "/no-such-page"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "[::2]", "0.0.0.0"])
def test_a_request_for_a_foreign_name_is_refused_whatever_it_asks_for(
    apps: Apps, name: str, path: str, host: str
) -> None:
    answer = apps[name](OURS).test_client().get(path, headers={"Host": host})
    assert answer.status_code == 421
    assert answer.headers["X-Frame-Options"] == "DENY"


@APPS
def test_a_foreign_name_is_refused_with_the_remedy(apps: Apps, name: str) -> None:
    reached = Reach(setting="the.key in file.toml")
    headers = {"Host": "evil.example", "Content-Type": "application/json", "Accept": "application/json"}
    told = apps[name](reached).test_client().get("/events", headers=headers).text
    assert name == "driver" or "the.key in file.toml" in told


@APPS
@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1:8080", "[::1]:8080", "10.0.0.5", "STATION.example.", "a.district.example"]
)
def test_each_of_our_own_names_is_answered(apps: Apps, name: str, host: str) -> None:
    assert apps[name](OURS).test_client().get("/", headers={"Host": host}).status_code in (200, 303)


@APPS
@pytest.mark.parametrize("host", ["[", "a b", "[::1", "a@b]", "/", ":", ""])
def test_a_host_that_is_none_is_refused_even_where_any_is_taken(apps: Apps, name: str, host: str) -> None:
    assert apps[name](Reach(frozenset())).test_client().get("/", headers={"Host": host}).status_code in (200, 303, 400)


def test_a_page_elsewhere_grants_nobody_by_leading_its_own_name_to_the_touchscreen(apps: Apps, station: object) -> None:
    client = apps["kiosk"](Reach()).test_client()
    headers = {"Host": "rebound.example", "Origin": "http://rebound.example", "Sec-Fetch-Site": "same-origin"}
    page = client.get("/shift", headers=headers)
    assert "X-CSRF" not in page.text
    assert 'name="token"' not in page.text
    answer = client.post("/lanes/1/decide", json={"outcome": "granted"}, headers=headers)
    assert answer.status_code == 421
    assert station.commands == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//", "http://a]b"])
def test_an_origin_that_is_none_is_another_site(apps: Apps, origin: str) -> None:
    answer = apps["kiosk"](Reach()).test_client().post("/lanes/1/decide", json={}, headers={"Origin": origin})
    assert answer.status_code == 403


def _certificate(file: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hub.example")])
    names = (x509.DNSName("hub.example"), x509.DNSName("*.pages.example"), x509.IPAddress(ip_address("10.1.2.3")))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
    )
    file.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return file


def test_the_names_of_an_application_are_those_of_its_configuration_and_of_its_certificate(tmp_path: Path) -> None:
    cert = str(_certificate(tmp_path / "cert.pem"))
    assert set(certificate_names(cert)) >= {"hub.example", "*.pages.example", "10.1.2.3"}
    assert certificate_names(str(tmp_path / "none")) == ()
    web = reach(WebSection(listen="0.0.0.0:8090", cert=cert, key=cert))
    assert {"hub.example", "localhost"} <= set(web.hosts)
    assert "0.0.0.0" not in web.hosts
    assert reach(WebSection(listen="0.0.0.0:8090", proxies=("10.0.0.1",))).hosts == frozenset()
    drivers = reach_of_drivers(DriverSection(listen="0.0.0.0:8091", url="https://declare.example:8443/"))
    assert "declare.example" in drivers.hosts
    assert reach_of_drivers(DriverSection(listen="0.0.0.0:8091")).hosts == frozenset()
    assert host_name("[fe80::1]:80") == "fe80::1"


# Where an answer leads


def resolved(location: str) -> str:
    """The origin that a browser goes to: it drops tabs and line ends and reads a backslash as a slash (WHATWG URL)."""
    read = "".join(c for c in location if c not in "\t\r\n").strip(" \0").replace("\\", "/")
    parts = urlsplit(urljoin("http://localhost/a/b", read))
    return f"{parts.scheme}://{parts.netloc}"


PIECES = st.sampled_from(
    [
        "/",
        "//",
        "\\",
        "\t",
        "\n",
        "\r",
        "evil.example",
        "@",
        ":",
        "%09",
        "%5c",
        "%2f",
        "..",
        ".",
        " ",
        "?",
        "#",
        "http:",
    ]
)
PATHS = st.lists(PIECES | st.text(max_size=3), max_size=8).map(lambda pieces: "/" + "".join(pieces))


@settings(deadline=None)
@given(PATHS | st.text(max_size=20))
def test_an_own_path_stays_on_its_origin(path: str) -> None:
    assert own_path(path) == "" or resolved(own_path(path)) == "http://localhost"


@APPS
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=PATHS, raw=st.booleans())
def test_every_answer_leads_to_a_page_of_the_same_origin(apps: Apps, name: str, path: str, raw: bool) -> None:
    client = apps[name](Reach()).test_client()
    sent = quote(path, safe="/%:@?#=&" if raw else "/", errors="replace")
    for query in ("", "?language=zh&theme=sun", f"?next={quote(path, errors='replace')}"):
        for at in (sent, "/language/zh", "/login"):
            asked = unquote_to_bytes(at.partition("?")[0]).decode("latin-1")  # the client itself cannot name ////..
            answer = client.get(f"http://localhost/{query}", environ_overrides={"PATH_INFO": asked})
            location = answer.headers.get("Location", "/")
            assert resolved(location) == "http://localhost", (at, query, location)


def test_a_path_with_a_tab_leads_nowhere_else(apps: Apps) -> None:
    answer = apps["kiosk"](Reach()).test_client().get("/%09/evil.example/?language=en")
    assert resolved(answer.headers.get("Location", "/")) == "http://localhost"


# HSTS


@pytest.mark.parametrize("name", ["supervisor", "district", "driver"])
@pytest.mark.parametrize("path", ["/", "/no-such-page", "/static/x.css"])
def test_browsers_that_come_by_tls_are_told_to_stay_with_it(apps: Apps, name: str, path: str) -> None:
    answer = apps[name](Reach(tls=True, hsts_days=180)).test_client().get(path)
    assert answer.headers["Strict-Transport-Security"] == "max-age=15552000"
    assert "Strict-Transport-Security" not in apps[name](Reach(tls=True)).test_client().get(path).headers


def test_without_tls_nothing_is_said_of_it() -> None:
    assert reach(WebSection()).hsts_days == 0
    assert reach(WebSection(listen="0.0.0.0:1", cert="c", key="k")).hsts_days == 180
    assert reach(WebSection(listen="0.0.0.0:1", cert="c", key="k", hsts_days=0)).hsts_days == 0
    assert reach_of_drivers(DriverSection(listen="127.0.0.1:1", url="http://a.example/")).hsts_days == 0
    assert reach_of_drivers(DriverSection(listen="127.0.0.1:1", url="https://a.example/")).hsts_days == 180
