"""The accounts of the district's pages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from station.domain.accounts import (
    Account,
    AccountRefusal,
    AccountRefused,
    By,
    Role,
    account_name,
    check_new_password,
)
from station.domain.times import utc_text
from station.hub.audit_trail import AuditTrail
from station.hub.database import Connection, Database, Row
from station.hub.passwords import Passwords

_ADD = """
insert into accounts (name, password, role, level, disabled, must_change, created, last_login)
values (:name, :password, :role, :level, 0, 1, :created, '') on conflict (name) do nothing
"""
_ADMINISTRATORS = "select name from accounts where role = 'administrator' and disabled = 0 order by name"


class Accounts:
    """Names and levels are checked here; who may give what to whom is the pages' question."""

    def __init__(
        self, database: Database, passwords: Passwords, trail: AuditTrail, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._trail = trail
        self._now = now

    def beneath(self, level: tuple[str, ...]) -> list[Account]:
        """By name; of the district's level, all."""
        with self._database.reading() as connection:
            accounts = [_account(row) for row in connection.execute("select * from accounts order by name")]
        return [account for account in accounts if account.level[: len(level)] == level]

    def find(self, name: str) -> Account:
        """:raises AccountRefused: nobody is called so."""
        with self._database.reading() as connection:
            return _account(_row(connection, account_name(name)))

    def add(self, name: str, password: str, role: Role, level: tuple[str, ...], by: By) -> None:
        """The password is for the first login alone, which asks for another.

        :raises AccountRefused: the name is taken or no name, or the password will not do.
        """
        name = account_name(name)
        check_new_password(name, password)
        values = {
            "name": name,
            "password": self._passwords.digest(password),
            "role": role.value,
            "level": "/".join(level),
            "created": utc_text(self._now()),
        }
        with self._database.transaction() as connection:
            if connection.execute(_ADD, values).rowcount == 0:
                raise AccountRefused(AccountRefusal.TAKEN)
            self._trail.add(connection, by, "account.added", f"{name} {role} {values['level']}")

    def reset_password(self, name: str, password: str, by: By) -> None:
        """As ``add``. Every session of the account ends.

        :raises AccountRefused: nobody is called so, or the password will not do.
        """
        name = account_name(name)
        check_new_password(name, password)
        self._set_password(name, self._passwords.digest(password), 1, "account.password_reset", by)

    def change_password(self, name: str, old: str, new: str, by: By) -> None:
        """One's own. Every session of the account ends.

        :raises AccountRefused: the old one is wrong, or the new one is the old one or will not do.
        """
        with self._database.reading() as connection:
            kept = _row(connection, name)["password"]
        if not self._passwords.fits(kept, old):
            raise AccountRefused(AccountRefusal.WRONG)
        if old == new:
            raise AccountRefused(AccountRefusal.SAME)
        check_new_password(name, new)
        self._set_password(name, self._passwords.digest(new), 0, "account.password_changed", by)

    def disable(self, name: str, by: By) -> None:
        """Every session of the account ends, and its API tokens with them.

        :raises AccountRefused: it is the last administrator's.
        """
        with self._database.transaction() as connection:
            of_it = {"name": _row(connection, account_name(name))["name"]}
            left = [row["name"] for row in connection.execute(f"{_ADMINISTRATORS} {connection.for_update}")]
            if left == [of_it["name"]]:
                raise AccountRefused(AccountRefusal.LAST)
            connection.execute("update accounts set disabled = 1 where name = :name", of_it)
            connection.execute("update api_tokens set revoked = 1 where made_by = :name", of_it)
            connection.execute("delete from sessions where account = :name", of_it)
            self._trail.add(connection, by, "account.disabled", of_it["name"])

    def enable(self, name: str, by: By) -> None:
        """:raises AccountRefused: nobody is called so."""
        with self._database.transaction() as connection:
            row = _row(connection, account_name(name))
            connection.execute("update accounts set disabled = 0 where name = :name", {"name": row["name"]})
            self._trail.add(connection, by, "account.enabled", row["name"])

    def _set_password(self, name: str, digest: str, must_change: int, action: str, by: By) -> None:
        values = {"name": name, "password": digest, "must_change": must_change}
        with self._database.transaction() as connection:
            _row(connection, name)
            connection.execute(
                "update accounts set password = :password, must_change = :must_change where name = :name", values
            )
            connection.execute("delete from sessions where account = :name", {"name": name})
            self._trail.add(connection, by, action, name)


def _row(connection: Connection, name: str) -> Row:
    row: Row | None = connection.execute("select * from accounts where name = :name", {"name": name}).fetchone()
    if row is None:
        raise AccountRefused(AccountRefusal.UNKNOWN)
    return row


def _account(row: Any) -> Account:
    return Account(
        name=row["name"],
        role=Role(row["role"]),
        level=tuple(row["level"].split("/")),
        disabled=bool(row["disabled"]),
        must_change=bool(row["must_change"]),
        created=datetime.fromisoformat(row["created"]),
        last_login=datetime.fromisoformat(row["last_login"]) if row["last_login"] else None,
    )
