"""Who may do what on the district's pages: people with an account, and programs with an API token."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LEAST_PASSWORD = 12
MOST_PASSWORD = 256
"""Longer ones would only give an attacker work to hand out."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")


class Role(StrEnum):
    """In rising order: each may do all that those before it may."""

    VIEWER = "viewer"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"

    def includes(self, other: "Role") -> bool:
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


class AccountRefusal(StrEnum):
    """Why an account, a password or a token is not taken."""

    NAME = "name"
    TAKEN = "taken"
    UNKNOWN = "unknown"
    SHORT = "short"
    LONG = "long"
    LIKE_NAME = "like_name"
    SAME = "same"
    WRONG = "wrong"
    LAST = "last"
    BEYOND = "beyond"


class AccountRefused(Exception):
    def __init__(self, why: AccountRefusal) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever asks for a page: their role counts at ``level`` (names from the district down) and beneath it."""

    name: str
    role: Role
    level: tuple[str, ...]
    must_change: bool = False

    def sees(self, levels: Sequence[str]) -> bool:
        return tuple(levels[: len(self.level)]) == self.level

    def may_give(self, role: Role, level: Sequence[str]) -> bool:
        """Nobody hands out more than they have."""
        return self.role.includes(role) and self.sees(level)


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, and from where; the command line has no address."""

    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """``last_login`` is none for one that never logged in; ``must_change``: the next login asks for a new password."""

    name: str
    role: Role
    level: tuple[str, ...]
    disabled: bool
    must_change: bool
    created: datetime
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What is known of a token: never the token itself."""

    id: str
    label: str
    role: Role
    level: tuple[str, ...]
    made_by: str
    created: datetime
    expires: datetime
    revoked: bool


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """``who`` is an account, or ``token:<label>``, or empty when a login named no account."""

    at: datetime
    who: str
    address: str
    action: str
    detail: str


def account_name(text: str) -> str:
    """:raises AccountRefused: it is no name for an account."""
    name = text.strip().lower()
    if not _NAME.fullmatch(name):
        raise AccountRefused(AccountRefusal.NAME)
    return name


def check_new_password(name: str, password: str) -> None:
    """Length is what counts; nothing is asked about its characters.

    :raises AccountRefused: it is too short, too long, or the name over again.
    """
    if len(password) < LEAST_PASSWORD:
        raise AccountRefused(AccountRefusal.SHORT)
    if len(password) > MOST_PASSWORD:
        raise AccountRefused(AccountRefusal.LONG)
    if name in password.lower() and len(password) - len(name) < LEAST_PASSWORD // 2:
        raise AccountRefused(AccountRefusal.LIKE_NAME)
