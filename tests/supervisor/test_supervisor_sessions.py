"""The sessions of supervisors who look over the network."""

from datetime import timedelta

import pytest

from station.domain.supervision import SignInRefusal, SignInRefused, StationUnavailable, Supervisor
from station.supervisor.sessions import MAX_SESSIONS, Sessions

LI = Supervisor("0501", "李**", "entry of Li")
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)


class Desk:
    def __init__(self) -> None:
        self.now, self.unavailable = 1000.0, False
        self.entries, self.read_at = {LI.fingerprint}, 0.0
        self.signed_out: list[str] = []
        self.sessions = Sessions(self, self._is_member, IDLE, LONGEST, lambda: self.now)

    def sign_in(self, number: str, pin: str, address: str) -> Supervisor:
        if self.unavailable:
            raise StationUnavailable
        if pin != "258036":
            raise SignInRefused(SignInRefusal.WRONG_PIN)
        return LI

    def sign_out(self, fingerprint: str) -> None:
        if self.unavailable:
            raise StationUnavailable
        self.signed_out.append(fingerprint)

    def _is_member(self, fingerprint: str, since: float) -> bool:
        return self.read_at < since or fingerprint in self.entries

    def enter(self) -> str:
        return self.sessions.sign_in("0501", "258036", "192.0.2.7")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_whoever_signs_in_has_a_session(desk: Desk) -> None:
    secret = desk.enter()
    assert desk.sessions.supervisor(secret) == desk.sessions.look(secret) == LI
    assert desk.sessions.look("a guess") is None


def test_whoever_is_refused_has_none(desk: Desk) -> None:
    with pytest.raises(SignInRefused):
        desk.sessions.sign_in("0501", "000000", "192.0.2.7")


def test_an_idle_session_ends_and_a_look_does_not_prolong_it(desk: Desk) -> None:
    secret = desk.enter()
    desk.now += IDLE.total_seconds() - 1
    assert desk.sessions.look(secret)
    desk.now += 2
    assert desk.sessions.look(secret) is None
    assert desk.sessions.supervisor(secret) is None


def test_a_request_prolongs_a_session_but_not_beyond_its_longest(desk: Desk) -> None:
    secret = desk.enter()
    for _ in range(int(LONGEST / IDLE)):
        assert desk.sessions.supervisor(secret)
        desk.now += IDLE.total_seconds()
    assert desk.sessions.supervisor(secret)
    desk.now += 1
    assert desk.sessions.supervisor(secret) is None


def test_signing_out_ends_the_session_and_is_told_once(desk: Desk) -> None:
    secret = desk.enter()
    desk.sessions.sign_out(secret)
    desk.sessions.sign_out(secret)
    assert desk.sessions.look(secret) is None
    assert desk.signed_out == [LI.fingerprint]


def test_another_role_or_pin_ends_the_session(desk: Desk) -> None:
    secret = desk.enter()
    desk.entries, desk.read_at = {"their entry as it is now"}, desk.now
    assert desk.sessions.look(secret) is None


def test_a_roster_that_was_read_before_the_session_began_ends_none(desk: Desk) -> None:
    desk.entries, desk.read_at = set(), desk.now
    desk.now += 0.1
    secret = desk.enter()
    assert desk.sessions.look(secret) == LI


def test_more_sessions_than_there_is_room_for_end_the_oldest(desk: Desk) -> None:
    secrets = [desk.enter() for _ in range(MAX_SESSIONS + 1)]
    assert [bool(desk.sessions.look(secret)) for secret in secrets] == [False] + [True] * MAX_SESSIONS


def test_a_station_that_does_not_answer_lets_nobody_in_and_keeps_who_is(desk: Desk) -> None:
    secret = desk.enter()
    desk.unavailable = True
    with pytest.raises(SignInRefused) as refused:
        desk.enter()
    assert refused.value.why is SignInRefusal.UNAVAILABLE
    assert desk.sessions.look(secret) == LI
    with pytest.raises(SignInRefused) as refused:
        desk.sessions.sign_out(secret)
    assert refused.value.why is SignInRefusal.UNAVAILABLE
    assert desk.sessions.look(secret) is None
