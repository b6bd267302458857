"""A supervisor looks at a real station from elsewhere: over TLS with a certificate of their own authority."""

import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from supervisor_desk import Desk

from station.__main__ import main
from station.ledger import audit

pytestmark = pytest.mark.clock


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def events(folder: Path) -> list[dict[str, Any]]:
    rows = [row for row in audit.records(folder / "data", personal=True) if row["type"] == "event"]
    return [row["evidence"] for row in rows]


def test_a_supervisor_signs_in_looks_and_signs_out_and_the_ledger_says_so(desk: Desk, tmp_path: Path) -> None:
    assert main(["check-config", str(desk.toml)]) == 0
    station = desk.run_station()
    with pytest.raises(URLError, match="Connection refused"):  # not the station's process
        desk.get("/")
    view = desk.run_view()
    try:
        with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urlopen(f"https://localhost:{desk.port}/", timeout=10)
        where, _ = desk.get("/")
        assert where == "/sign-in"
        with pytest.raises(HTTPError, match="403") as refused:
            desk.sign_in("000000")
        refused.value.close()
        where, page = desk.sign_in()
        assert (where, "Sign out 李**" in page) == ("/", True)
        assert any(topic == "lane/1" for topic, _ in desk.live())
        for path, said in (("/duty", "Nobody is signed on"), ("/today", "Passages by hour"), ("/station", "Lane 1")):
            assert said in desk.get(path)[1]
        with pytest.raises(HTTPError, match="404") as missing:
            desk.get("/lanes/1/picture.jpg")
        missing.value.close()
        assert desk.post("/sign-out", page)[0] == "/sign-in"
        assert desk.get("/")[0] == "/sign-in"
    finally:
        assert (view.stop(), station.stop()) == (0, 0)
    told = [(one["event"], one["number"]) for one in events(tmp_path)]
    assert told == [
        ("supervisor_refused", "0501"),
        ("supervisor_signed_in", "0501"),
        ("supervisor_signed_out", "0501"),
    ]


def command(desk: Desk, action: str) -> "subprocess.CompletedProcess[str]":
    line = [sys.executable, "-m", "station", "supervisor", action, "--config", str(desk.toml)]
    return subprocess.run(line, capture_output=True, text=True, timeout=60)


def test_a_broken_certificate_ends_the_view_with_the_reason(desk: Desk) -> None:
    desk.cert.write_text("renewed by halves", encoding="utf-8")
    ended = command(desk, "run")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"{desk.toml}: supervisor.cert, supervisor.key: ")
    assert "give PEM files" in ended.stderr


def test_without_an_address_nobody_looks_and_nothing_runs(desk: Desk) -> None:
    assert command(desk, "configured").returncode == 0
    text = desk.toml.read_text(encoding="utf-8")
    desk.toml.write_text(text.replace(f'listen = "127.0.0.1:{desk.port}"', 'listen = ""'), encoding="utf-8")
    assert command(desk, "configured").returncode == 1
    ended = command(desk, "run")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "supervisor.listen is empty" in ended.stdout
