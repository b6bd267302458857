"""Personal data sealed at rest under a key of its day, so that forgetting a day is deleting one small file.

The ledger is append-only and chained, so a row can never be removed; without its key its personal part is noise
while the chain still verifies. ChaCha20-Poly1305 (RFC 8439), because the Pi 4 has no AES instructions.
"""

import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from station.disk import PRIVATE, write_whole
from station.domain.moment import Moment
from station.domain.passage import Personal
from station.ledger.key_ages import KeyAges, named_day

KEY_BYTES = 32
NONCE = 12
DIGEST = 8
_DIGEST_KEY = "digest"
_SUFFIX = ".key"
_DAMAGED = ".damaged"
_RUN_BYTES = 3


class Sealer:
    """Keys live in ``folder``, one file a day, readable by the station's user alone.

    A key that is damaged is set aside beside its place and a new one is made: what was sealed with it cannot be read,
    and what is sealed from now on can. ``fault`` says so until the station starts again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: dict[str, bytes] = {}
        self._damaged: dict[str, str] = {}
        self._ages = KeyAges(folder)
        self._run = secrets.token_hex(_RUN_BYTES)
        self._used: set[str] = set()
        self._unsaved_digest_key = b""
        self._digest_key = self._first_digest_key()

    @property
    def fault(self) -> str:
        """What is wrong with the keys, in one line; empty while nothing is."""
        return "; ".join(self._damaged.values())

    def seal(self, personal: Personal, at: Moment) -> bytes:
        """Nothing personal seals to nothing. :raises OSError: the day's key cannot be written."""
        self._save_digest_key()
        if personal == Personal():
            return b""
        told = {part: value for part, value in asdict(personal).items() if value}
        return self.seal_bytes(json.dumps(told, ensure_ascii=False).encode(), at)

    def unseal(self, sealed: bytes) -> Personal | None:
        """None when the day's key is gone: the data is forgotten. Parts that only a newer station knows are left."""
        if not sealed:
            return Personal()
        data = self.unseal_bytes(sealed)
        if data is None:
            return None
        known = {field.name for field in fields(Personal)}
        return Personal(**{part: value for part, value in json.loads(data).items() if part in known})

    def seal_bytes(self, data: bytes, at: Moment) -> bytes:
        """Whatever else is to be forgotten with its day. The first byte is the length of the key's name, which
        follows. :raises OSError: the day's key cannot be written."""
        name = self._name(at)
        self._used.add(name)
        nonce = secrets.token_bytes(NONCE)
        return bytes([len(name)]) + name.encode() + nonce + ChaCha20Poly1305(self._key(name)).encrypt(nonce, data, None)

    def unseal_bytes(self, sealed: bytes) -> bytes | None:
        """None when the day's key is gone or damaged, or when what is there is not what was sealed."""
        name, rest = _name_of(sealed), sealed[1 + sealed[0] :] if sealed else b""
        key = self._read(name)
        if not key or len(rest) < NONCE:
            return None
        try:
            return ChaCha20Poly1305(key).decrypt(rest[:NONCE], rest[NONCE:], None)
        except InvalidTag:
            return None

    def is_forgotten(self, sealed: bytes) -> bool:
        """Whether the key that something was sealed with is gone; its beginning is enough to tell. What was never
        sealed is not forgotten."""
        name = _name_of(sealed)
        return bool(name) and not self._path(name).exists() and not _aside(self._path(name)).exists()

    def digest(self, payload: bytes) -> str:
        """A keyed name for a payload, the same on this station only: tells repeats without keeping the text."""
        return hmac.digest(self._digest_key, payload, "sha256")[:DIGEST].hex()

    def look(self, now: Moment) -> None:
        """Look at the clock, by which keys grow old. :raises OSError: what is known of it cannot be written down."""
        self._ages.look(now)

    def forget_old(self, now: Moment, keep_days: int) -> list[str]:
        """Delete the keys that were last used more than ``keep_days`` ago by the proven time; none while there is none.

        :return: their names.
        :raises OSError: one is there still.
        """
        paths = {path: path.name.partition(_SUFFIX)[0] for path in sorted(self._folder.glob(f"*{_SUFFIX}*"))}
        if self._ages.agrees(now):
            used, self._used = self._used, set()
            self._ages.note(set(paths.values()) - {_DIGEST_KEY}, used, now)
        until = self._ages.until(now)
        if until is None:
            return []
        old = set(self._ages.old(until.date() - timedelta(days=keep_days))) - self._used
        return self._delete([path for path, name in paths.items() if name in old])

    def forget(self, today: date, keep_days: int) -> list[str]:
        """Delete the keys that are named by days before the last ``keep_days`` of a day that is known for sure.

        :raises OSError: one is there still.
        """
        oldest = today - timedelta(days=keep_days)
        named = {path: named_day(path.name.partition(_SUFFIX)[0]) for path in sorted(self._folder.glob(f"*{_SUFFIX}*"))}
        return self._delete([path for path, day in named.items() if day is not None and day < oldest])

    def _delete(self, gone: Sequence[Path]) -> list[str]:
        for path in gone:
            path.unlink()
            self._keys.pop(path.stem, None)
        return [path.stem for path in gone]

    def _name(self, at: Moment) -> str:
        """Of the key for a moment. While the clock is not trusted, or not what it was proven to be, each run of the
        station has a key of its own, so that nothing new is sealed with the key of another day."""
        return at.utc.date().isoformat() if self._ages.fits(at) else f"boot-{at.boot}-{self._run}"

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{_SUFFIX}"

    def _key(self, name: str) -> bytes:
        """:raises OSError: there is none yet, and none can be written."""
        if name not in self._keys:
            self._keys[name] = self._read(name) or self._made(name, ChaCha20Poly1305.generate_key())
        return self._keys[name]

    def _read(self, name: str) -> bytes:
        """Empty when there is none, or none that can be used: ``fault`` then says which and what is wrong with it."""
        path = self._path(name)
        try:
            if name in self._keys and path.exists():
                return self._keys[name]
            key = path.read_bytes() if name else b""
        except (FileNotFoundError, NotADirectoryError):
            return b""
        except OSError as error:
            self._damaged[name] = f"{path}: {error.strerror}; what was sealed with it cannot be read"
            return b""
        if name and len(key) != KEY_BYTES:
            self._damaged[name] = (
                f"{path}: {len(key)} bytes where a key has {KEY_BYTES}; what was sealed with it cannot be read"
            )
            return b""
        if name:
            self._keys[name] = key
        return key

    def _made(self, name: str, key: bytes) -> bytes:
        """A key is on disk before anything is sealed with it, so that a power cut never orphans a row.

        :raises OSError: it cannot be written.
        """
        path = self._path(name)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if name in self._damaged and path.exists():
            path.rename(_aside(path))
            self._damaged[name] += f"; set aside as {_aside(path).name}, and a new one is used"
        write_whole(path, key, PRIVATE)
        return key

    def _first_digest_key(self) -> bytes:
        """One that cannot be written yet is used all the same, and written with the first row that can be."""
        key = self._read(_DIGEST_KEY)
        if key:
            return key
        self._unsaved_digest_key = ChaCha20Poly1305.generate_key()
        try:
            self._save_digest_key()
        except OSError:
            return self._unsaved_digest_key
        return self._keys[_DIGEST_KEY]

    def _save_digest_key(self) -> None:
        """:raises OSError: it cannot be written."""
        if self._unsaved_digest_key:
            self._keys[_DIGEST_KEY] = self._made(_DIGEST_KEY, self._unsaved_digest_key)
            self._unsaved_digest_key = b""


def _name_of(sealed: bytes) -> str:
    """The name of the key that something was sealed with; empty for what was never sealed."""
    name = sealed[1 : 1 + sealed[0]] if sealed else b""
    return name.decode() if name.isascii() and b"/" not in name and b"\0" not in name else ""


def _aside(path: Path) -> Path:
    return path.with_name(path.name + _DAMAGED)


def damaged_keys(folder: Path) -> list[str]:
    """Keys that are damaged, and those that were set aside for it, each with what is wrong: nothing is changed."""
    found = []
    try:
        paths = sorted(folder.glob(f"*{_SUFFIX}*"))
    except OSError as error:
        return [f"{folder}: {error.strerror}"]
    for path in paths:
        try:
            size = path.stat().st_size
            path.open("rb").close()
        except OSError as error:
            found.append(f"{path}: {error.strerror}")
            continue
        if path.name.endswith(_DAMAGED):
            found.append(f"{path}: was damaged, and set aside")
        elif path.suffix == _SUFFIX and size != KEY_BYTES:
            found.append(f"{path}: {size} bytes where a key has {KEY_BYTES}")
    return found
