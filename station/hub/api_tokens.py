"""Tokens for programs that read the API: told once, kept as a digest, bound to a role and a level."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from station.domain.accounts import AccountRefusal, AccountRefused, ApiToken, By, Role, Visitor
from station.domain.times import utc_text
from station.hub.audit_trail import AuditTrail
from station.hub.database import Database

PREFIX = "cst_"  # so that a scanner for lost secrets knows one when it sees it

_ADD = """
insert into api_tokens (id, digest, label, role, level, made_by, created, expires, revoked)
values (:id, :digest, :label, :role, :level, :made_by, :created, :expires, 0)
"""
_GOOD = "select * from api_tokens where digest = :digest and revoked = 0 and expires > :now"


class ApiTokens:
    def __init__(self, database: Database, trail: AuditTrail, now: Callable[[], datetime]) -> None:
        self._database = database
        self._trail = trail
        self._now = now

    def beneath(self, level: tuple[str, ...]) -> list[ApiToken]:
        """The newest first; of the district's level, all."""
        with self._database.reading() as connection:
            rows = connection.execute("select * from api_tokens order by created desc, id").fetchall()
        return [token for token in map(_token, rows) if token.level[: len(level)] == level]

    def make(self, label: str, role: Role, level: tuple[str, ...], days: int, by: By) -> str:
        """:return: the token, which is told this once."""
        token, now = PREFIX + secrets.token_urlsafe(32), self._now()
        values = {
            "id": secrets.token_hex(6),
            "digest": _digest(token),
            "label": label,
            "role": role.value,
            "level": "/".join(level),
            "made_by": by.name,
            "created": utc_text(now),
            "expires": utc_text(now + timedelta(days=days)),
        }
        with self._database.transaction() as connection:
            connection.execute(_ADD, values)
            self._trail.add(connection, by, "token.made", f"{values['id']} {label} {role} {values['level']}")
        return token

    def revoke(self, token_id: str, by: By) -> None:
        """:raises AccountRefused: there is no such token."""
        with self._database.transaction() as connection:
            gone = connection.execute("update api_tokens set revoked = 1 where id = :id", {"id": token_id})
            if gone.rowcount == 0:
                raise AccountRefused(AccountRefusal.UNKNOWN)
            self._trail.add(connection, by, "token.revoked", token_id)

    def bearer(self, token: str) -> Visitor | None:
        """Who may read with it; none if it is unknown, expired or revoked."""
        values = {"digest": _digest(token), "now": utc_text(self._now())}
        with self._database.reading() as connection:
            row = connection.execute(_GOOD, values).fetchone()
        if row is None:
            return None
        return Visitor(f"token:{row['label']}", Role(row["role"]), tuple(row["level"].split("/")))


def _token(row: Any) -> ApiToken:
    return ApiToken(
        id=row["id"],
        label=row["label"],
        role=Role(row["role"]),
        level=tuple(row["level"].split("/")),
        made_by=row["made_by"],
        created=datetime.fromisoformat(row["created"]),
        expires=datetime.fromisoformat(row["expires"]),
        revoked=bool(row["revoked"]),
    )


def _digest(token: str) -> str:
    """A random token of 256 bits needs no slow digest."""
    return hashlib.sha256(token.encode()).hexdigest()
