"""Passwords are kept as Argon2id digests with the parameters of RFC 9106 for machines with little memory."""

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from station.domain.accounts import MOST_PASSWORD

AT_ONCE = 2  # each takes 64 MiB for a moment: a flood of logins waits, it does not fill the memory


class Passwords:
    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self.nobodys = self._hasher.hash(secrets.token_urlsafe())
        """The digest that a name without an account is checked against, so that it takes as long as any other."""

    def digest(self, password: str) -> str:
        with self._places:
            return self._hasher.hash(password)

    def fits(self, digest: str, password: str) -> bool:
        with self._places:
            try:
                self._hasher.verify(digest, password[: MOST_PASSWORD + 1])
            except VerifyMismatchError:
                return False
        return len(password) <= MOST_PASSWORD
