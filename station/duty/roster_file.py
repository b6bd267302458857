"""The roster on the station's disk. PINs are kept as salted scrypt hashes (RFC 7914), never as they were typed."""

import hashlib
import hmac
import json
import secrets
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from station.disk import write_whole
from station.domain.details import BadgeRole
from station.domain.roster import Member, Roster
from station.domain.spreadsheets import CsvError, read_csv_rows

FILE_NAME = "roster.json"
COLUMNS = ("number", "label", "team", "role", "experienced", "pin")
PIN_DIGITS = range(4, 9)
_COST = {"n": 2**14, "r": 8, "p": 1, "maxmem": 2**26, "dklen": 32}  # some 50 ms and 16 MB on a Pi
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
        path = self._folder / FILE_NAME
        changed = path.stat().st_mtime_ns if path.exists() else 0
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
        members = [Member(**{**one, "role": BadgeRole(one["role"])}) for one in json.loads(path.read_text("utf-8"))]
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError) as error:
        raise RosterError(f"{path}: damaged ({error}); import the roster again: station roster import") from error
    return {member.number: member for member in members}


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
