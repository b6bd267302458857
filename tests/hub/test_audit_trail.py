"""The audit trail: who logged in, changed and looked at what."""

from datetime import datetime, timedelta

import pytest
from hub_messages import NOW
from scripted_hub import QUICK
from storage import Storage

from station.bootstrap.district import DistrictDesk
from station.config import WebSection
from station.domain.accounts import AccountRefused, By, Role
from station.hub.audit_trail import PAGE, AuditTrail
from station.hub.database import Database, StoreUnwritable
from station.hub.passwords import Passwords

CHEN = By("chen", "192.0.2.7")
FIRST = "for the first login"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def trail(database: Database, clock: Clock) -> AuditTrail:
    return AuditTrail(database, clock, 30, clock)


def told(trail: AuditTrail, before: str = "", who: str = "") -> list[tuple[str, str, str]]:
    return [(entry.who, entry.action, entry.detail) for _, entry in trail.entries(before, who)]


def test_logins_failed_ones_and_changes_are_told_the_newest_first(database: Database, clock: Clock) -> None:
    desk = DistrictDesk(database, WebSection(), Passwords(QUICK), clock)
    desk.accounts.add("chen", FIRST, Role.ADMINISTRATOR, ("pingyuan",), By("command line"))
    with pytest.raises(AccountRefused):
        desk.sessions.log_in("chen", "a wrong password", "192.0.2.7")
    with pytest.raises(AccountRefused):
        desk.sessions.log_in("a password typed as a name", "", "192.0.2.8")
    desk.sessions.log_out(desk.sessions.log_in("chen", FIRST, "192.0.2.7"), CHEN)
    assert told(desk.trail) == [
        ("chen", "logout", ""),
        ("chen", "login", ""),
        ("", "login.failed", ""),
        ("chen", "login.failed", ""),
        ("command line", "account.added", "chen administrator pingyuan"),
    ]
    addresses = [entry.address for _, entry in desk.trail.entries("", "")]
    assert addresses == ["192.0.2.7", "192.0.2.7", "192.0.2.8", "192.0.2.7", ""]


def test_the_same_look_within_a_minute_is_one(trail: AuditTrail, clock: Clock) -> None:
    for _ in range(3):
        trail.looked(CHEN, "/stations/north")
    trail.looked(By("wang"), "/stations/north")
    clock.now += timedelta(minutes=1)
    trail.looked(CHEN, "/stations/north")
    assert told(trail) == []
    trail.flush()
    assert [who for who, _, _ in told(trail)] == ["chen", "wang", "chen"]


def test_looks_wait_while_the_store_takes_nothing(storage: Storage, trail: AuditTrail) -> None:
    trail.looked(CHEN, "/wall")
    storage.refuse()
    trail.flush()
    storage.relent()
    trail.flush()
    trail.flush()
    assert told(trail) == [("chen", "look", "/wall")]


def test_nobody_looks_unseen_when_the_store_is_away_for_long(
    trail: AuditTrail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.hub.audit_trail.AUDIT_LOOKS", 2)
    trail.looked(CHEN, "/1")
    trail.looked(CHEN, "/2")
    with pytest.raises(StoreUnwritable, match="audit trail"):
        trail.looked(CHEN, "/3")
    trail.flush()
    trail.looked(CHEN, "/3")


def test_what_is_older_than_is_kept_is_swept(trail: AuditTrail, clock: Clock) -> None:
    trail.note(CHEN, "order.sent", "old")
    clock.now += timedelta(days=29)
    trail.flush()
    assert told(trail) == [("chen", "order.sent", "old")]
    clock.now += timedelta(days=2)
    trail.flush()
    assert told(trail) == []


def test_a_long_trail_is_read_in_pages_and_of_one_account(trail: AuditTrail) -> None:
    for number in range(PAGE + 5):
        trail.note(CHEN, "order.sent", str(number))
    trail.note(By("wang"), "order.sent", "other")
    first = trail.entries("", "chen")
    assert len(first) == PAGE
    rest = trail.entries(first[-1][0], "chen")
    assert [entry.detail for _, entry in rest] == ["4", "3", "2", "1", "0"]
    assert told(trail, who="wang") == [("wang", "order.sent", "other")]
