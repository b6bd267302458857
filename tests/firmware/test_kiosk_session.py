"""The touchscreen's session, with a browser that writes down what it was shown."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from broker import free_port
from waiting import until

KIOSK = Path(__file__).parents[2] / "firmware_config" / "kiosk"
SESSION = KIOSK / "session"
BROWSER = """#!/bin/bash
for last; do :; done
echo "$last" >>"$SHOWN"
echo "$DBUS_SESSION_BUS_ADDRESS" >"$SHOWN.bus"
[[ $last == file:* ]] || [ ! -e "$SHOWN.connects" ] || exec 3<>"/dev/tcp/127.0.0.1/$(cat "$SHOWN.connects")"
[ ! -e "$BROKEN" ] || exit "$(cat "$BROKEN")"
exec sleep 60
"""


@pytest.fixture
def shown(tmp_path: Path) -> Path:
    browser = tmp_path / "chromium"
    browser.write_text(BROWSER)
    browser.chmod(0o755)
    return tmp_path / "shown"


@pytest.fixture
def surroundings(shown: Path, tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": f"{shown.parent}:{os.environ['PATH']}",
        "SHOWN": str(shown),
        "BROKEN": str(tmp_path / "broken"),
        "RUNTIME_DIRECTORY": str(tmp_path),
        "KIOSK_SETTLE_SECONDS": "0",
        "KIOSK_PATIENCE_SECONDS": "1",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1/bus",
    }


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def session(port: int, surroundings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Of a station that is not there yet."""
    session = subprocess.Popen([SESSION, f"127.0.0.1:{port}"], env=surroundings, start_new_session=True)
    yield session
    with suppress(ProcessLookupError):
        os.killpg(session.pid, signal.SIGKILL)
    session.wait(10)


def lines(shown: Path) -> list[str]:
    return shown.read_text().split() if shown.exists() else []


@pytest.mark.usefixtures("session")
def test_the_page_that_waits_gives_way_to_the_station_once_it_answers(port: int, shown: Path) -> None:
    until(lambda: lines(shown))
    assert [page.rsplit("/", 1)[-1] for page in lines(shown)] == ["waiting.html"]
    with socket.create_server(("127.0.0.1", port)):
        until(lambda: len(lines(shown)) > 1)
    assert lines(shown)[1:] == [f"http://127.0.0.1:{port}/"]


@pytest.mark.parametrize(("ended_with", "code"), [(139, 139), (0, 1)])
def test_a_session_whose_browser_ends_fails_also_while_it_waits_for_the_station(
    surroundings: dict[str, str], port: int, tmp_path: Path, ended_with: int, code: int
) -> None:
    (tmp_path / "broken").write_text(str(ended_with))
    ran = subprocess.run(
        [SESSION, f"127.0.0.1:{port}"], env=surroundings, timeout=20, capture_output=True, text=True, check=False
    )
    assert ran.returncode == code
    assert f"Chromium ended with {ended_with}" in ran.stderr


@pytest.mark.usefixtures("session")
def test_a_session_says_when_it_has_begun_and_when_its_browser_has_stayed(tmp_path: Path) -> None:
    until(lambda: (tmp_path / "begun").exists())
    until(lambda: (tmp_path / "shown").exists())


def test_a_browser_that_never_asks_the_station_for_its_page_ends_the_session(
    session: subprocess.Popen[bytes], port: int
) -> None:
    with socket.create_server(("127.0.0.1", port)):
        assert session.wait(20) == 1


def test_a_browser_that_keeps_a_connection_to_the_station_is_left_alone(
    session: subprocess.Popen[bytes], port: int, shown: Path
) -> None:
    Path(f"{shown}.connects").write_text(str(port))
    with socket.create_server(("127.0.0.1", port)):
        until(lambda: lines(shown)[-1:] == [f"http://127.0.0.1:{port}/"])
        with pytest.raises(subprocess.TimeoutExpired):
            session.wait(3)


@pytest.mark.usefixtures("session")
def test_the_browser_has_no_session_bus_by_which_it_would_leave_its_unit(shown: Path) -> None:
    bus = Path(f"{shown}.bus")
    until(lambda: bus.exists() and bus.read_text())
    assert bus.read_text() == "disabled:\n"


CAGE = """#!/bin/sh
echo "${WLR_RENDERER:-gpu}" >>"$TRIED"
[ "${WLR_RENDERER:-gpu}" = pixman ] || [ -e "$GPU_WORKS" ] || exit 1
touch "$RUNTIME_DIRECTORY/begun"
exit 7
"""


@pytest.mark.parametrize(
    ("render_node", "gpu_works", "tried"),
    [(False, False, ["pixman"]), (True, False, ["gpu", "pixman"]), (True, True, ["gpu"])],
)
def test_a_machine_without_a_graphics_processor_that_can_be_used_is_drawn_by_its_processor(
    surroundings: dict[str, str], tmp_path: Path, render_node: bool, gpu_works: bool, tried: list[str]
) -> None:
    cage, dri = tmp_path / "cage", tmp_path / "dri"
    cage.write_text(CAGE)
    cage.chmod(0o755)
    dri.mkdir()
    (dri / "card0").touch()
    if render_node:
        (dri / "renderD128").touch()
    if gpu_works:
        (tmp_path / "gpu-works").touch()
    surroundings |= {"TRIED": str(tmp_path / "tried"), "GPU_WORKS": str(tmp_path / "gpu-works")}
    ran = subprocess.run([KIOSK / "screen", dri], env=surroundings, timeout=20, check=False)
    assert (ran.returncode, lines(tmp_path / "tried")) == (7, tried)


def test_a_screen_that_is_told_to_end_ends_its_compositor_at_once(surroundings: dict[str, str], tmp_path: Path) -> None:
    cage = tmp_path / "cage"
    cage.write_text('#!/bin/sh\necho $$ >"$TRIED"\nexec sleep 60\n')
    cage.chmod(0o755)
    screen = subprocess.Popen([KIOSK / "screen", tmp_path], env=surroundings | {"TRIED": str(tmp_path / "tried")})
    until(lambda: lines(tmp_path / "tried"))
    screen.terminate()
    screen.wait(10)
    until(lambda: not Path(f"/proc/{lines(tmp_path / 'tried')[0]}").exists())
