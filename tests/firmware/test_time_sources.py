"""No one time server leads the clock away: a real chronyd with the shipped settings and servers of the test's own."""

import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

SHIPPED = Path(__file__).parents[2] / "firmware_config" / "chrony" / "checkpoint.conf"
CHRONYD = shutil.which("chronyd", path="/usr/sbin:/usr/bin")
FIVE_YEARS_S = 5 * 365 * 86400
NTP_FROM_UNIX_S = 2_208_988_800
SETTINGS = ("minsources", "maxchange")


def settings() -> list[str]:
    return [line for line in SHIPPED.read_text().splitlines() if line and not line.startswith("#")]


@contextmanager
def time_server(address: str, ahead_s: float, wall_s: float) -> Iterator[int]:
    """An NTP server (RFC 5905) of stratum 1 whose clock is ahead. :param wall_s: Unix time now. :return: its port."""
    began = time.monotonic()
    stopping = threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((address, 0))
        sock.settimeout(0.1)

        def stamp() -> bytes:
            at = wall_s + ahead_s + time.monotonic() - began + NTP_FROM_UNIX_S
            return struct.pack(">II", int(at), int(at % 1 * 2**32))

        def answer() -> None:
            while not stopping.is_set():
                try:
                    asked, asker = sock.recvfrom(512)
                except TimeoutError:
                    continue
                received = stamp()
                head = struct.pack(">BBbbII4s", 0x24, 1, asked[2], -20, 0, 66, b"TEST")
                sock.sendto(head + stamp() + asked[40:48] + received + stamp(), asker)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield sock.getsockname()[1]
        stopping.set()
        thread.join()


def measured_s(folder: Path, ahead_s: list[float], *, settles: bool) -> float | None:
    """By how much chronyd would set the clock by these servers; None where it would set nothing.

    :param settles: an answer is expected: on a busy machine it may take longer.
    """
    wall_s = folder.stat().st_mtime
    with ExitStack() as serving:
        servers = []
        for number, each in enumerate(ahead_s, 1):
            address = f"127.0.0.{number}"  # chronyd tells servers apart by their addresses
            port = serving.enter_context(time_server(address, each, wall_s))
            servers.append(f"server {address} port {port} iburst")
        lines = [line for line in settings() if line.startswith(SETTINGS)]
        config = folder / "chrony.conf"
        config.write_text("\n".join([*lines, *servers, f"pidfile {folder}/pid", "cmdport 0", "bindcmdaddress /"]))
        asked = [CHRONYD or "", "-Q", "-t", "20" if settles else "8", "-f", str(config), "-u", "root"]
        ran = subprocess.run(asked, capture_output=True, text=True, timeout=60)
    found = [line for line in (ran.stdout + ran.stderr).splitlines() if "System clock wrong by" in line]
    return float(found[0].split("wrong by ")[1].split(" ")[0]) if found else None


@pytest.mark.skipif(CHRONYD is None, reason="needs chronyd, which is not installed here: apt-get install chrony")
@pytest.mark.parametrize(
    ("ahead_s", "believed"),
    [([FIVE_YEARS_S], None), ([0.0, FIVE_YEARS_S], None), ([0.0, 0.0, FIVE_YEARS_S], 0.0)],
    ids=["one server alone", "one against one", "one against two"],
)
def test_one_server_that_is_years_off_sets_nothing(
    tmp_path: Path, ahead_s: list[float], believed: float | None
) -> None:
    found = measured_s(tmp_path, ahead_s, settles=believed is not None)
    if believed is None:
        assert found is None
    else:
        assert found is not None
        assert abs(found - believed) < 60


def test_a_clock_that_is_set_is_not_moved_by_more_than_an_hour() -> None:
    (line,) = (line for line in settings() if line.startswith("maxchange"))
    offset_s, start, ignore = map(int, line.split()[1:])
    assert (offset_s, start, ignore) == (3600, 1, -1)


@pytest.mark.skipif(CHRONYD is None, reason="needs chronyd, which is not installed here: apt-get install chrony")
def test_chronyd_takes_every_line_of_the_shipped_file_also_those_that_are_offered(tmp_path: Path) -> None:
    text = SHIPPED.read_text()
    offered = [line[1:] for line in text.splitlines() if line.startswith("#") and line[1:2].strip()]
    (tmp_path / "chrony.conf").write_text("\n".join([text, *offered]))
    ran = subprocess.run([CHRONYD or "", "-p", "-f", str(tmp_path / "chrony.conf")], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert len(offered) == 5
