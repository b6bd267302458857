"""Pages that cannot be served cost nothing but the pages, and are served as soon as they can be."""

import logging
import socket
import ssl
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from authority import Authority
from flask import Flask
from station_process import Program
from waiting import until

from station.commands import page_server
from station.commands.page_server import PageServer
from station.passes.keys import new_signing_key
from station.runtime import Workers
from web_ui.server import serve

pytestmark = pytest.mark.clock


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    monkeypatch.setattr(page_server, "RETRY_INTERVAL_S", 0.01)
    workers = Workers()
    yield workers
    assert workers.stop() == []


def test_a_port_that_is_taken_is_asked_for_again_and_named_once(
    workers: Workers, caplog: pytest.LogCaptureFixture
) -> None:
    taken = socket.create_server(("127.0.0.1", 0))
    address = f"127.0.0.1:{taken.getsockname()[1]}"
    told: list[str] = []
    pages = PageServer("kiosk.listen", lambda: serve(Flask("kiosk"), address, 1), workers, told.append)
    with caplog.at_level(logging.INFO, page_server.__name__):
        pages.start()
        until(lambda: len(told) > 3)
        assert pages.alive
        taken.close()
        until(lambda: told[-1] == "")
        with pytest.raises(urllib.request.HTTPError):
            urllib.request.urlopen(f"http://{address}/", timeout=10)
    workers.stop()
    pages.stop()
    assert told[0].startswith(f"kiosk.listen: cannot listen on {address}: ")
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]


def test_a_server_that_ends_by_itself_is_not_alive(workers: Workers) -> None:
    web = serve(Flask("kiosk"), "127.0.0.1:0", 1)
    pages = PageServer("kiosk.listen", lambda: web, workers)
    pages.start()
    assert pages.alive
    web.stop()
    assert not pages.alive


def test_a_hub_without_its_certificates_collects_and_serves_pages_once_they_are_there(tmp_path: Path) -> None:
    new_signing_key(tmp_path / "district.key")
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    file = tmp_path / "hub.toml"
    file.write_text(f"""
[hub]
district = "pingyuan"
data_dir = "{tmp_path / "hub"}"
[broker]
url = "mqtt://127.0.0.1:1"
[signing]
key = "{tmp_path / "district.key"}"
[web]
listen = "127.0.0.1:0"
[driver]
listen = "{listen}"
cert = "{tmp_path / "driver.pem"}"
key = "{tmp_path / "driver.key"}"
""")
    hub = Program(tmp_path, "hub", "hub", "run", "--config", str(file))
    try:
        assert "driver.listen, driver.cert, driver.key: " in hub.log.read_text()
        assert "give PEM files" in hub.log.read_text()
        _, cert, key = Authority().write(tmp_path / "driver", "localhost")
        (tmp_path / "driver.key").write_bytes(key.read_bytes())
        (tmp_path / "driver.pem").write_bytes(cert.read_bytes())
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        until(lambda: _answers(f"https://{listen}/", context), 60)
    finally:
        assert hub.stop() == 0


def _answers(url: str, context: ssl.SSLContext) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10, context=context) as answer:
            return bool(answer.status == 200)
    except urllib.request.HTTPError:
        return True
    except OSError:
        return False


def test_a_station_whose_port_is_taken_works_its_lanes_and_says_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        file = tmp_path / "station.toml"
        file.write_text(f"""
[station]
id = "g107-bridge-north"
name = "G107"
district = "pingyuan"
levels = ["pingyuan"]
data_dir = "{tmp_path / "data"}"
clock = "always"
[kiosk]
listen = "127.0.0.1:{taken.getsockname()[1]}"
[[lanes]]
id = "1"
camera = {{ driver = "file", path = "{tmp_path / "no.png"}" }}
""")
        station = Program(tmp_path, "station", "run", "--config", str(file))
        try:
            until(lambda: "kiosk.listen: cannot listen on 127.0.0.1:" in station.log.read_text())
        finally:
            assert station.stop() == 0
