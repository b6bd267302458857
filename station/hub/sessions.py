"""Who is logged in. The browser holds a random secret, the hub its digest: the table alone opens no page."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from station.domain.accounts import AccountRefusal, AccountRefused, By, Role, Visitor
from station.domain.times import utc_text
from station.hub.audit_trail import AuditTrail
from station.hub.database import Database
from station.hub.passwords import Passwords

PROLONG_AFTER = timedelta(minutes=1)  # so that not every request writes

_BEGIN = "insert into sessions (digest, account, began, seen) values (:digest, :name, :now, :now)"
_WHOSE = """
select accounts.name, role, level, must_change, began, seen
from sessions join accounts on accounts.name = sessions.account where digest = :digest and disabled = 0
"""
_OVER = "delete from sessions where began < :began or seen < :seen"


class Sessions:
    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        trail: AuditTrail,
        now: Callable[[], datetime],
        idle: timedelta,
        longest: timedelta,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._trail = trail
        self._now = now
        self._idle = idle
        self._longest = longest

    def log_in(self, name: str, password: str, address: str) -> str:
        """A name without an account takes as long as one with.

        :return: the secret of a new session.
        :raises AccountRefused: the name and password do not go together, or the account is disabled.
        """
        name = name.strip().lower()
        found = self._account(name)
        kept = found["password"] if found and not found["disabled"] else self._passwords.nobodys
        if not self._passwords.fits(kept, password) or kept is self._passwords.nobodys:
            # What was typed as a name may be a password: an unknown one is not written down.
            self._trail.note(By(name if found else "", address), "login.failed", "")
            raise AccountRefused(AccountRefusal.WRONG)
        return self._begin(name, address)

    def visitor(self, secret: str) -> Visitor | None:
        """Whose session it is, which this prolongs; none once it has ended."""
        digest = _digest(secret)
        row = self._open(digest)
        if row is None:
            return None
        now = self._now()
        if now - datetime.fromisoformat(row["seen"]) > PROLONG_AFTER:
            with self._database.transaction() as connection:
                values = {"digest": digest, "now": utc_text(now)}
                connection.execute("update sessions set seen = :now where digest = :digest", values)
        return _visitor(row)

    def look(self, secret: str) -> Visitor | None:
        """Whose session it is, and nothing is prolonged."""
        row = self._open(_digest(secret))
        return None if row is None else _visitor(row)

    def log_out(self, secret: str, by: By) -> None:
        with self._database.transaction() as connection:
            connection.execute("delete from sessions where digest = :digest", {"digest": _digest(secret)})
            self._trail.add(connection, by, "logout", "")

    def _begin(self, name: str, address: str) -> str:
        secret, now = secrets.token_urlsafe(32), self._now()
        values = {"digest": _digest(secret), "name": name, "now": utc_text(now)}
        old = {"began": utc_text(now - self._longest), "seen": utc_text(now - self._idle)}
        with self._database.transaction() as connection:
            connection.execute(_OVER, old)
            connection.execute(_BEGIN, values)
            connection.execute(
                "update accounts set last_login = :now where name = :name", {"now": values["now"], "name": name}
            )
            self._trail.add(connection, By(name, address), "login", "")
        return secret

    def _account(self, name: str) -> Any:
        with self._database.reading() as connection:
            return connection.execute("select * from accounts where name = :name", {"name": name}).fetchone()

    def _open(self, digest: str) -> Any:
        with self._database.reading() as connection:
            row = connection.execute(_WHOSE, {"digest": digest}).fetchone()
        if row is None:
            return None
        now = self._now()
        idle = now - datetime.fromisoformat(row["seen"]) > self._idle
        return None if idle or now - datetime.fromisoformat(row["began"]) > self._longest else row


def _visitor(row: Any) -> Visitor:
    return Visitor(row["name"], Role(row["role"]), tuple(row["level"].split("/")), bool(row["must_change"]))


def _digest(secret: str) -> str:
    """A random secret of 256 bits needs no slow digest."""
    return hashlib.sha256(secret.encode()).hexdigest()
