"""Accounts, sessions and API tokens, in both stores."""

from datetime import datetime, timedelta

import pytest
from hub_messages import NOW
from scripted_hub import QUICK

from station.bootstrap.district import DistrictDesk
from station.config import WebSection
from station.domain.accounts import AccountRefusal, AccountRefused, By, Role, Visitor
from station.hub.database import Database
from station.hub.passwords import Passwords

BY = By("chen", "192.0.2.7")
ROOT = ("pingyuan",)
FIRST, OWN = "for the first login", "a quiet river in May"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(database: Database, clock: Clock) -> DistrictDesk:
    desk = DistrictDesk(database, WebSection(idle_minutes=30, session_hours=12), Passwords(QUICK), clock)
    desk.accounts.add("chen", FIRST, Role.ADMINISTRATOR, ROOT, By("command line"))
    return desk


def refusal(call: object, *given: object) -> AccountRefusal:
    assert callable(call)
    with pytest.raises(AccountRefused) as refused:
        call(*given)
    return refused.value.why


def test_a_first_password_opens_a_session_that_asks_for_another(desk: DistrictDesk) -> None:
    secret = desk.sessions.log_in("chen", FIRST, "192.0.2.7")
    assert desk.sessions.visitor(secret) == Visitor("chen", Role.ADMINISTRATOR, ROOT, must_change=True)
    desk.accounts.change_password("chen", FIRST, OWN, BY)
    assert desk.sessions.visitor(secret) is None  # every session ends, so that a thief's does
    again = desk.sessions.visitor(desk.sessions.log_in("chen", OWN, ""))
    assert again is not None
    assert not again.must_change


@pytest.mark.parametrize(
    ("name", "password"), [("chen", "for the first logi"), ("nobody", FIRST), ("", ""), ("chen", "")]
)
def test_a_wrong_name_and_a_wrong_password_are_told_apart_by_nobody(
    desk: DistrictDesk, name: str, password: str
) -> None:
    assert refusal(desk.sessions.log_in, name, password, "") is AccountRefusal.WRONG


def test_a_name_is_the_same_in_capitals_and_with_spaces_around(desk: DistrictDesk) -> None:
    assert desk.sessions.visitor(desk.sessions.log_in(" Chen ", FIRST, "")) is not None


def test_a_session_ends_after_half_an_hour_without_a_request(desk: DistrictDesk, clock: Clock) -> None:
    secret = desk.sessions.log_in("chen", FIRST, "")
    for _ in range(4):
        clock.now += timedelta(minutes=29)
        assert desk.sessions.visitor(secret) is not None
    clock.now += timedelta(minutes=31)
    assert desk.sessions.visitor(secret) is None


def test_a_look_does_not_prolong_a_session(desk: DistrictDesk, clock: Clock) -> None:
    secret = desk.sessions.log_in("chen", FIRST, "")
    clock.now += timedelta(minutes=20)
    assert desk.sessions.look(secret) is not None
    clock.now += timedelta(minutes=20)
    assert desk.sessions.look(secret) is None


def test_a_session_ends_after_twelve_hours_however_busy(desk: DistrictDesk, clock: Clock) -> None:
    secret = desk.sessions.log_in("chen", FIRST, "")
    for _ in range(36):
        clock.now += timedelta(minutes=20)
        assert desk.sessions.visitor(secret) is not None
    clock.now += timedelta(minutes=1)
    assert desk.sessions.visitor(secret) is None


def test_a_session_ends_at_the_logout(desk: DistrictDesk) -> None:
    secret, other = desk.sessions.log_in("chen", FIRST, ""), desk.sessions.log_in("chen", FIRST, "")
    desk.sessions.log_out(secret, BY)
    assert desk.sessions.visitor(secret) is None
    assert desk.sessions.visitor(other) is not None


def test_a_disabled_account_opens_nothing_and_its_sessions_and_tokens_end(desk: DistrictDesk) -> None:
    desk.accounts.add("wang", FIRST, Role.SUPERVISOR, ROOT, BY)
    secret = desk.sessions.log_in("wang", FIRST, "")
    token = desk.tokens.make("grafana", Role.VIEWER, ROOT, 30, By("wang"))
    desk.accounts.disable("wang", BY)
    assert desk.sessions.visitor(secret) is None
    assert desk.tokens.bearer(token) is None
    assert refusal(desk.sessions.log_in, "wang", FIRST, "") is AccountRefusal.WRONG
    desk.accounts.enable("wang", BY)
    assert desk.sessions.visitor(desk.sessions.log_in("wang", FIRST, "")) is not None


def test_the_last_administrator_cannot_be_disabled(desk: DistrictDesk) -> None:
    assert refusal(desk.accounts.disable, "chen", BY) is AccountRefusal.LAST
    desk.accounts.add("zhao", FIRST, Role.ADMINISTRATOR, ROOT, BY)
    desk.accounts.disable("chen", BY)
    assert refusal(desk.accounts.disable, "zhao", BY) is AccountRefusal.LAST


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [
        ("chen", FIRST, AccountRefusal.TAKEN),
        ("Chen", FIRST, AccountRefusal.TAKEN),
        ("w", FIRST, AccountRefusal.NAME),
        ("王力", FIRST, AccountRefusal.NAME),
        ("wang li", FIRST, AccountRefusal.NAME),
        ("wang", "elevenchars", AccountRefusal.SHORT),
        ("wang", "x" * 257, AccountRefusal.LONG),
        ("wang.li.hua", "wang.li.hua2", AccountRefusal.LIKE_NAME),
    ],
)
def test_an_account_that_will_not_do_is_refused_with_why(
    desk: DistrictDesk, name: str, password: str, why: AccountRefusal
) -> None:
    assert refusal(desk.accounts.add, name, password, Role.VIEWER, ROOT, BY) is why
    assert [account.name for account in desk.accounts.beneath(ROOT)] == ["chen"]


def test_a_new_password_must_be_another_and_the_present_one_right(desk: DistrictDesk) -> None:
    assert refusal(desk.accounts.change_password, "chen", FIRST, FIRST, BY) is AccountRefusal.SAME
    assert refusal(desk.accounts.change_password, "chen", OWN, OWN, BY) is AccountRefusal.WRONG
    assert refusal(desk.accounts.change_password, "chen", FIRST, "short", BY) is AccountRefusal.SHORT


def test_accounts_and_tokens_elsewhere_in_the_district_are_not_beneath(desk: DistrictDesk) -> None:
    desk.accounts.add("wang", FIRST, Role.VIEWER, ("pingyuan", "qiaobei"), BY)
    desk.accounts.add("zhao", FIRST, Role.VIEWER, ("pingyuan", "qiaobei-east"), BY)
    desk.tokens.make("north", Role.VIEWER, ("pingyuan", "qiaobei", "bridge"), 30, BY)
    qiaobei = ("pingyuan", "qiaobei")
    assert [account.name for account in desk.accounts.beneath(qiaobei)] == ["wang"]
    assert [token.label for token in desk.tokens.beneath(qiaobei)] == ["north"]
    assert desk.tokens.beneath(("pingyuan", "qiaobei-east")) == []


def test_neither_password_nor_session_nor_token_stands_in_the_tables(desk: DistrictDesk, database: Database) -> None:
    secret = desk.sessions.log_in("chen", FIRST, "")
    token = desk.tokens.make("grafana", Role.VIEWER, ROOT, 30, BY)
    with database.reading() as connection:
        tables = ("accounts", "sessions", "api_tokens", "audit_trail")
        kept = str([dict(row) for table in tables for row in connection.execute(f"select * from {table}")])
    assert not [told for told in (FIRST, secret, token) if told in kept]
    assert "$argon2id$" in kept


def test_a_token_is_good_until_its_day_or_until_it_is_revoked(desk: DistrictDesk, clock: Clock) -> None:
    token = desk.tokens.make("grafana", Role.VIEWER, ("pingyuan", "qiaobei"), 30, BY)
    other = desk.tokens.make("home", Role.VIEWER, ROOT, 30, BY)
    assert desk.tokens.bearer(token) == Visitor("token:grafana", Role.VIEWER, ("pingyuan", "qiaobei"))
    (known,) = (known for known in desk.tokens.beneath(ROOT) if known.label == "home")
    desk.tokens.revoke(known.id, BY)
    assert desk.tokens.bearer(other) is None
    assert desk.tokens.bearer("cst_made-up") is None
    clock.now += timedelta(days=30)
    assert desk.tokens.bearer(token) is None
    assert refusal(desk.tokens.revoke, "nothing", BY) is AccountRefusal.UNKNOWN


def test_the_cookies_secret_is_the_same_after_a_restart(desk: DistrictDesk, database: Database, clock: Clock) -> None:
    again = DistrictDesk(database, WebSection(), Passwords(QUICK), clock)
    assert again.secret == desk.secret
    assert len(desk.secret) == 32
