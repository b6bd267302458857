"""Personal data sealed at rest under a key of its day, so that forgetting a day is deleting one small file.

The ledger is append-only and chained, so a row can never be removed; without its key its personal part is noise
while the chain still verifies. ChaCha20-Poly1305 (RFC 8439), because the Pi 4 has no AES instructions.
"""

import hmac
import json
import secrets
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from station.disk import PRIVATE, write_whole
from station.domain.moment import Moment
from station.domain.passage import Personal

NONCE = 12
DIGEST = 8
_DIGEST_KEY = "digest"


class Sealer:
    """Keys live in ``folder``, one file a day, readable by the station's user alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: dict[str, bytes] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._digest_key = self._key(_DIGEST_KEY)

    def seal(self, personal: Personal, at: Moment) -> bytes:
        """Nothing personal seals to nothing."""
        if personal == Personal():
            return b""
        told = {part: value for part, value in asdict(personal).items() if value}
        return self.seal_bytes(json.dumps(told, ensure_ascii=False).encode(), at)

    def unseal(self, sealed: bytes) -> Personal | None:
        """None when the day's key is gone: the data is forgotten."""
        if not sealed:
            return Personal()
        data = self.unseal_bytes(sealed)
        return None if data is None else Personal(**json.loads(data))

    def seal_bytes(self, data: bytes, at: Moment) -> bytes:
        """Whatever else is to be forgotten with its day. The first byte is the length of the key's name, which
        follows."""
        name = key_name(at)
        nonce = secrets.token_bytes(NONCE)
        return bytes([len(name)]) + name.encode() + nonce + ChaCha20Poly1305(self._key(name)).encrypt(nonce, data, None)

    def unseal_bytes(self, sealed: bytes) -> bytes | None:
        """None when the day's key is gone, or when what is there is not what was sealed."""
        name, rest = sealed[1 : 1 + sealed[0]].decode(), sealed[1 + sealed[0] :]
        if not self._path(name).exists():
            return None
        try:
            return ChaCha20Poly1305(self._key(name)).decrypt(rest[:NONCE], rest[NONCE:], None)
        except InvalidTag:
            return None

    def is_forgotten(self, sealed: bytes) -> bool:
        """Whether the key that something was sealed with is gone; its beginning is enough to tell."""
        return not self._path(sealed[1 : 1 + sealed[0]].decode()).exists()

    def digest(self, payload: bytes) -> str:
        """A keyed name for a payload, the same on this station only: tells repeats without keeping the text."""
        return hmac.digest(self._digest_key, payload, "sha256")[:DIGEST].hex()

    def forget(self, today: date, keep_days: int) -> list[str]:
        """Delete the keys of days before the last ``keep_days`` and say which."""
        oldest = today - timedelta(days=keep_days)
        gone = [path for path in sorted(self._folder.glob("*.key")) if self._day(path) < oldest]
        for path in gone:
            path.unlink()
            self._keys.pop(path.stem, None)
        return [path.stem for path in gone]

    def _day(self, path: Path) -> date:
        if path.stem == _DIGEST_KEY:
            return date.max
        try:
            return date.fromisoformat(path.stem)
        except ValueError:  # a key made while the clock was not trusted; its file's time is the best there is
            return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.key"

    def _key(self, name: str) -> bytes:
        if name not in self._keys:
            self._keys[name] = _load_or_make(self._path(name))
        return self._keys[name]


def key_name(at: Moment) -> str:
    return at.utc.date().isoformat() if at.trusted else f"boot-{at.boot}"


def _load_or_make(path: Path) -> bytes:
    """A key is on disk before anything is sealed with it, so that a power cut never orphans a row."""
    if path.exists():
        return path.read_bytes()
    key = ChaCha20Poly1305.generate_key()
    write_whole(path, key, PRIVATE)
    return key
