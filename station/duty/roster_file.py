"""The roster on the station's disk. PINs are kept as salted scrypt hashes (RFC 7914), never as they were typed."""

import hashlib
import hmac
import json
import re
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from station.disk import write_whole
from station.domain.details import BadgeRole
from station.domain.roster import Member, Roster
from station.domain.spreadsheets import CsvError, read_csv_rows

FILE_NAME = "roster.json"
COLUMNS = ("number", "label", "team", "role", "experienced", "pin")
PIN_DIGITS = range(4, 9)
_COST = {"n": 2**14, "r": 8, "p": 1, "maxmem": 2**26, "dklen": 32}  # some 50 ms and 16 MB on a Pi
_PIN = re.compile(r"scrypt\$(?:[0-9a-f]{2})+\$[0-9a-f]{64}")
_YES, _NO = ("yes", "1", "true", "是"), ("no", "0", "false", "否", "")


class RosterError(ValueError):
    """A roster that cannot be used; the text names line, column and remedy, one mistake a line."""


def hash_pin(pin: str) -> str:
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${hashlib.scrypt(pin.encode(), salt=salt, **_COST).hex()}"


def is_pin(pin: str, hashed: str) -> bool:
    """Takes as long for somebody without a PIN as for a wrong one."""
    _, salt, digest = hashed.split("$") if hashed else ("", "00" * 16, "")
    tried = hashlib.scrypt(pin.encode(), salt=bytes.fromhex(salt), **_COST).hex()
    return hmac.compare_digest(tried, digest)


class RosterFile:
    """The roster as it stands on the disk now: whoever imports another need not start the station again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read_at = 0
        self._members: Roster = {}
        self.fault = ""

    def members(self) -> Roster:
        """Nobody as long as the file cannot be used; ``fault`` then says what to do."""
        changed = changed_at(self._folder / FILE_NAME)
        if changed != self._read_at:
            self._read_at, self.fault = changed, ""
            try:
                self._members = load(self._folder)
            except RosterError as error:
                self._members, self.fault = {}, str(error)
        return self._members


def load(folder: Path) -> Roster:
    """Nobody where there is no roster. :raises RosterError: the file is damaged."""
    path = folder / FILE_NAME
    try:
        stored = json.loads(path.read_text("utf-8"))
        if not isinstance(stored, list):
            raise TypeError("a list of members expected")
        members = [_stored_member(one) for one in stored]
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise RosterError(f"{path}: {error.strerror}; let the station's user read it") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        why = str(error) or type(error).__name__
        raise RosterError(f"{path}: damaged ({why}); import the roster again: station roster import") from error
    return {member.number: member for member in members}


def changed_at(path: Path) -> int:
    """When a file or its rights were changed, in nanoseconds; 0 while there is none, and -1 while nobody can tell."""
    try:
        return path.stat().st_ctime_ns
    except FileNotFoundError:
        return 0
    except OSError:
        return -1


def _stored_member(one: Mapping[str, Any]) -> Member:
    """What a newer station wrote beside is left. :raises ValueError: (or TypeError, KeyError) this is no member."""
    texts = {name: one[name] for name in ("number", "label", "team", "pin")}
    if not all(isinstance(text, str) for text in texts.values()) or not isinstance(one["experienced"], bool):
        raise TypeError("a member's parts are texts, and experienced is true or false")
    if texts["pin"] and not _PIN.fullmatch(texts["pin"]):
        raise ValueError(f"the PIN of {texts['number'][:16]} is not as it was stored")
    return Member(**texts, role=BadgeRole(one["role"]), experienced=one["experienced"])


def save(folder: Path, roster: Roster) -> None:
    """:raises OSError: the disk does not take it; the one before is still there."""
    members = [asdict(member) for member in roster.values()]
    write_whole(folder / FILE_NAME, json.dumps(members, ensure_ascii=False, indent=1).encode(), mode=0o600)


def read_roster(text: str, before: Roster) -> Roster:
    """A roster as people write it, with COLUMNS in any order; ``team``, ``role``, ``experienced`` and ``pin`` may be
    left out. An empty PIN keeps the one of before. Nothing is taken unless every line is good.

    :param text: of a CSV. :raises RosterError: every mistake at once.
    """
    try:
        (_, header), *rows = list(read_csv_rows(text)) or [(1, [])]
    except CsvError as error:
        raise RosterError(str(error)) from None
    missing = {"number", "label"} - set(header)
    if missing:
        raise RosterError(f"line 1: column {', '.join(sorted(missing))} is missing; there are {', '.join(COLUMNS)}")
    numbered = [(line, dict(zip(header, cells, strict=False))) for line, cells in rows if any(cells)]
    repeated = {n for n, times in Counter(row["number"] for _, row in numbered).items() if times > 1}
    wrong: list[str] = []
    members: dict[str, Member] = {}
    for line, row in numbered:
        given = {column: row.get(column, "") for column in COLUMNS}
        mistakes = _mistakes(given, repeated)
        wrong += [f"line {line}: {mistake}" for mistake in mistakes]
        if not mistakes:
            members[given["number"]] = _member(given, before)
    if wrong:
        raise RosterError("\n".join(wrong))
    return members


def _mistakes(given: dict[str, str], repeated: set[str]) -> list[str]:
    found = []
    if not given["number"] or not given["number"].isalnum():
        found.append(f"number {given['number']!r}: letters and digits, as on the badge")
    elif given["number"] in repeated:
        found.append(f"number {given['number']} stands there twice")
    if given["role"] and given["role"] not in tuple(BadgeRole):
        found.append(f"role {given['role']!r}: one of {', '.join(BadgeRole)}")
    if given["experienced"].lower() not in (*_YES, *_NO):
        found.append(f"experienced {given['experienced']!r}: yes or no")
    pin = given["pin"]
    if pin and not (pin.isascii() and pin.isdigit() and len(pin) in PIN_DIGITS):
        found.append(f"pin of {given['number']}: {PIN_DIGITS[0]} to {PIN_DIGITS[-1]} digits")
    return found


def _member(given: dict[str, str], before: Roster) -> Member:
    kept = before[given["number"]].pin if given["number"] in before else ""
    return Member(
        number=given["number"],
        label=given["label"],
        team=given["team"],
        role=BadgeRole(given["role"] or BadgeRole.OPERATOR),
        experienced=given["experienced"].lower() in _YES,
        pin=hash_pin(given["pin"]) if given["pin"] else kept,
    )
