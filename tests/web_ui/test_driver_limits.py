"""How often an address may declare and a board be declared with; and that a flood takes no memory."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Request
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from scripted_driver import BUS, ROAD, Desk
from werkzeug.test import EnvironBuilder

from web_ui.driver import Limits, Rates, create_app
from web_ui.text import LANGUAGES
from web_ui.throttle import WINDOW_SECONDS, Throttle, network_of

FILLED = {"province": "豫", "serial": "G12345", "traffic": "car", "party": "1", "o": "4107"}
PROXY = "10.0.0.1"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


def client_of(desk: Desk, rates: Rates, clock: Clock) -> FlaskClient:
    return create_app(desk.services, Limits(rates, (), clock)).test_client()


def declare(client: FlaskClient, address: str = "192.0.2.1", path: str = f"/b/{ROAD.number}") -> int:
    return client.post(path, data=FILLED, environ_base={"REMOTE_ADDR": address}).status_code


def asked(remote: str, forwarded: str = "") -> Request:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return Request(EnvironBuilder(headers=headers, environ_base={"REMOTE_ADDR": remote}).get_environ())


def test_so_many_a_minute_and_then_one_at_a_time(clock: Clock) -> None:
    throttle = Throttle(6, clock)
    assert [throttle.wait("a") for _ in range(6)] == [0.0] * 6
    assert throttle.wait("a") == pytest.approx(10)
    assert throttle.wait("b") == 0
    clock.now += 10
    assert throttle.wait("a") == 0
    assert throttle.wait("a") > 0


@given(st.integers(1, 200), st.lists(st.floats(0, 30), max_size=300))
def test_never_more_than_twice_the_rate_in_any_minute(rate: int, pauses: list[float]) -> None:
    clock = Clock()
    throttle = Throttle(rate, clock)
    granted: list[float] = []
    for pause in pauses:
        clock.now += pause
        if throttle.wait("a") == 0:
            granted.append(clock.now)
    for begin in granted:
        assert sum(begin <= at < begin + WINDOW_SECONDS for at in granted) <= 2 * rate


def test_a_wait_that_was_told_is_enough(clock: Clock) -> None:
    throttle = Throttle(60, clock)
    while not (wait := throttle.wait("a")):
        pass
    clock.now += wait + 1e-6
    assert throttle.wait("a") == 0


def test_a_million_addresses_take_no_more_memory_than_one(clock: Clock) -> None:
    throttle = Throttle(60, clock)
    kept = sys.getsizeof(throttle._whole)
    for number in range(100_000):
        throttle.wait(str(number))
    assert sys.getsizeof(throttle._whole) == kept < 600_000
    assert set(vars(throttle)) == {"_window", "_gap", "_clock", "_lock", "_salt", "_whole"}


def test_one_address_cannot_declare_for_everybody(desk: Desk, clock: Clock) -> None:
    client = client_of(desk, Rates(per_address=3, per_board=100, in_all=100), clock)
    assert [declare(client) for _ in range(4)] == [303, 303, 303, 429]
    assert declare(client, "192.0.2.2") == 303
    assert desk.counts(ROAD) == (0, 4)


def test_one_board_cannot_be_flooded_from_everywhere(desk: Desk, clock: Clock) -> None:
    client = client_of(desk, Rates(per_address=100, per_board=3, in_all=100), clock)
    assert [declare(client, f"192.0.2.{host}") for host in range(4)] == [303, 303, 303, 429]
    assert declare(client, "192.0.2.9", f"/v/{BUS.number}/start") == 422  # another board, and not at its limit


def test_all_boards_together_have_a_limit(desk: Desk, clock: Clock) -> None:
    client = client_of(desk, Rates(per_address=100, per_board=100, in_all=3), clock)
    assert [declare(client, f"192.0.2.{host}") for host in range(4)] == [303, 303, 303, 429]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_too_quick_is_told_in_words_when_to_come_back(desk: Desk, clock: Clock, language: str) -> None:
    client = client_of(desk, Rates(per_address=1, per_board=9, in_all=9), clock)
    declare(client)
    answer = client.post(f"/b/{ROAD.number}?lang={language}", data=FILLED, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == 60
    assert {"zh": "请等一分钟", "en": "Wait a minute"}[language] in answer.text


@pytest.mark.parametrize("path", [f"/b/{ROAD.number}", f"/v/{BUS.number}", "/t/guessed", "/p/AAAA"])
def test_opening_pages_is_limited_too_so_that_no_secret_is_guessed(desk: Desk, clock: Clock, path: str) -> None:
    client = client_of(desk, Rates(per_address=1, per_board=9, in_all=9), clock)
    codes = [client.get(path).status_code for _ in range(6)]
    assert 429 not in codes[:5]
    assert codes[5] == 429


@pytest.mark.parametrize(
    ("remote", "forwarded", "network"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
        (PROXY, "198.51.100.7", "198.51.100.7"),
        (PROXY, "1.1.1.1, 198.51.100.7", "198.51.100.7"),
        (PROXY, f"198.51.100.7, {PROXY}", "198.51.100.7"),
        (PROXY, "", PROXY),
        (f"::ffff:{PROXY}", "198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        (PROXY, "2001:DB8:1:2:ffff::1", "2001:db8:1:2::"),
        (PROXY, "unknown", "unknown"),
    ],
)
def test_a_request_counts_for_the_address_that_can_be_believed(remote: str, forwarded: str, network: str) -> None:
    assert network_of(asked(remote, forwarded), {PROXY}) == network
