"""The touchscreen's session, with a browser that writes down what it was shown."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from broker import free_port
from waiting import until

SESSION = Path(__file__).parents[2] / "firmware_config" / "kiosk" / "session"
BROWSER = """#!/bin/sh
for last; do :; done
echo "$last" >>"$SHOWN"
exec sleep 60
"""


@pytest.fixture
def shown(tmp_path: Path) -> Path:
    browser = tmp_path / "chromium"
    browser.write_text(BROWSER)
    browser.chmod(0o755)
    return tmp_path / "shown"


@pytest.fixture
def port(shown: Path) -> Iterator[int]:
    """Of a station that is not there yet, with a session that waits for it."""
    port = free_port()
    environment = {"PATH": f"{shown.parent}:{os.environ['PATH']}", "SHOWN": str(shown)}
    session = subprocess.Popen([SESSION, f"127.0.0.1:{port}"], env=environment, start_new_session=True)
    yield port
    os.killpg(session.pid, 9)
    session.wait(10)


def lines(shown: Path) -> list[str]:
    return shown.read_text().split() if shown.exists() else []


def test_the_page_that_waits_gives_way_to_the_station_once_it_answers(port: int, shown: Path) -> None:
    until(lambda: lines(shown))
    assert [page.rsplit("/", 1)[-1] for page in lines(shown)] == ["waiting.html"]
    with socket.create_server(("127.0.0.1", port)):
        until(lambda: len(lines(shown)) > 1)
    assert lines(shown)[1:] == [f"http://127.0.0.1:{port}/"]
