"""Nothing that is sent to the touchscreen's port ends a lane: a real station takes it all and goes on."""

import json
import signal
from collections.abc import Iterator

import pytest
from station_process import Program
from touchscreen import Touchscreen, lay_out_station

pytestmark = [pytest.mark.faults, pytest.mark.clock]

BEYOND = b"9223372036854775808"
JSON = (
    b'{"passage": %s, "row": 1}' % BEYOND,
    b'{"passage": 1, "row": %s}' % BEYOND,
    b'{"passage": -%s, "row": 1}' % BEYOND,
    b'{"passage": %s, "row": 1}' % (b"9" * 3000),
    b'{"passage": 1e400, "row": NaN}',
    b'{"passage": true, "row": 1}',
    b'{"passage": "\\ud800", "row": 1}',
    b'{"operator": "\\ud800", "passage": 1, "row": 1}',
    b"[" * 4000,
    b'{"a":' * 800,
    b"\xff\xfe",
    b"null",
)
FORMS = (
    b"row=%C2%B2&do=undo&lane=1",
    b"row=%D9%A3&do=undo&lane=1",
    b"row=" + BEYOND + b"&do=undo&lane=1",
    b"row=-" + BEYOND + b"&do=take_up&lane=1",
    b"row=1&do=undo&lane=1%00",
    b"row=1&lane=1&do=%ED%A0%80",
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, int]]:
    folder = tmp_path_factory.mktemp("station")
    config, port = lay_out_station(folder)
    program = Program(folder, "station", "run", "--config", str(config))
    yield program, port
    program.process.send_signal(signal.SIGKILL)
    program.process.wait(10)


def test_whatever_a_page_sends_the_lane_goes_on(running: tuple[Program, int]) -> None:
    program, port = running
    screen = Touchscreen(port)
    for body in JSON:
        for what in ("decide", "undo", "tick", "aside"):
            assert screen.post_json(f"/lanes/1/{what}", body) == 400, (what, body[:60])
        assert screen.post_json("/lanes/1/name", body) in (400, 409), body[:60]  # it asks for no row
    for passage in (b"1", BEYOND, b"9" * 400):
        for form in FORMS:
            assert screen.post_form(f"/bay/{passage.decode()}", form) in (400, 404), (passage[:30], form)
    for row in (1, -5, 2**63 - 1):  # numbers that a ledger can hold, and does not
        assert screen.post_form(f"/bay/{2**63 - 1}", f"row={row}&do=undo&lane=1".encode()) == 409
    assert screen.decide("granted") == 200
    assert program.process.poll() is None
    health = json.loads(screen.ask("GET", "/healthz", {})[2])
    assert "lane 1" not in health["stale_threads"]
