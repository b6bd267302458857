"""What stands in a CSV or a file of ids, as entries of a list. Nonsense is told by its row; then nothing is signed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from station.commands import CommandError
from station.commands.progress import progress
from station.commands.tables import Row, columns_of, decoded, read_table, rows_of
from station.domain.spreadsheets import iso_text
from station.passes.digests import Digests, id_entry, normal_plate
from station.passes.entries import ENTRY_BYTES
from station.passes.listed_keys import ListedKey
from station.passes.roles import KeyRole, RoleError, labelled_role
from station.passes.signed_lists import ListName
from station.passes.trust import TrustError, key_digest, parse_keys
from station.passes.wire import moment_of

T = TypeVar("T")

COLUMNS: Mapping[ListName, tuple[str, ...]] = {
    ListName.REVOCATIONS: ("id",),
    ListName.WATCHLIST: ("plate", "pass", "building", "unit"),
    ListName.RESIDENTS: ("building", "unit"),
    ListName.TRUST: ("key", "not_before", "not_after", "role"),
}
LONGEST_ID = 64  # bytes
MOST_TOLD = 20
_PLATE = range(2, 16)


class RowError(ValueError):
    """A row that says nothing a list can hold; the message names the column."""


def id_of(text: str) -> bytes:
    """:raises RowError: no pass id."""
    try:
        length = len(bytes.fromhex(text))
    except ValueError:
        length = 0
    if not ENTRY_BYTES <= length <= LONGEST_ID:
        raise RowError(f"id: {text[:40]!r} is no pass id of {2 * ENTRY_BYTES} or more hex digits")
    return id_entry(text)


def ids_in(file: Path) -> list[bytes]:
    """A column ``id`` of a CSV, whatever else it holds; of any other file, an id a line.

    :raises CommandError: a row is nonsense.
    """
    try:
        text = decoded(file.read_bytes(), str(file))
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None
    if file.suffix.lower() == ".csv":
        if "id" not in columns_of(text):
            raise CommandError(f"{file}: no column is called 'id'")
        return _read(file, [*rows_of(text, str(file))], lambda row: id_of(row.get("id", "")))
    lines = [(number, {"id": line.strip()}) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    return _read(file, lines, lambda row: id_of(row["id"]))


def digests_in(name: ListName, file: Path, digests: Digests) -> list[bytes]:
    """Of a watchlist or of residents. :raises CommandError: a row is nonsense."""
    form = _watched if name is ListName.WATCHLIST else _resident
    return _read(file, read_table(file, COLUMNS[name]), lambda row: form(row, digests))


def keys_in(file: Path) -> list[ListedKey]:
    """Public keys and their times; a key's file is found from the CSV's folder.

    :raises CommandError: a row is nonsense.
    """
    keys = _read(file, read_table(file, COLUMNS[ListName.TRUST]), lambda row: _listed_key(row, file.parent))
    roles: dict[bytes, KeyRole] = {}
    for listed in keys:
        if roles.setdefault(key_digest(listed.key), listed.role) is not listed.role:
            kid = key_digest(listed.key).hex()[:16]
            raise CommandError(f"{file}: the key {kid} has two roles; a key has one, so make another for the second")
    return keys


def _read(file: Path, rows: Sequence[tuple[int, Row]], form: Callable[[Row], T]) -> list[T]:
    found, faulty = [], []
    for number, row in progress(rows, f"reading {file.name}"):
        try:
            found.append(form(row))
        except RowError as error:
            faulty.append(f"{file} row {number}: {error}")
    if faulty:
        more = [f"and {len(faulty) - MOST_TOLD} rows more"] if len(faulty) > MOST_TOLD else []
        raise CommandError("\n".join([*faulty[:MOST_TOLD], *more, "nothing was signed"]))
    return found


def _watched(row: Row, digests: Digests) -> bytes:
    """One thing a row, so that a row that is nonsense in part is not half taken."""
    plate, pass_id = row.get("plate", ""), row.get("pass", "")
    place = row.get("building", "") or row.get("unit", "")
    if sum(map(bool, (plate, pass_id, place))) != 1:
        raise RowError("a plate, a pass, or building and unit: exactly one of them in a row")
    if plate:
        if len(normal_plate(plate)) not in _PLATE:
            raise RowError(f"plate: {plate[:40]!r} is no plate")
        return digests.plate(plate)
    if pass_id:
        id_of(pass_id)
        return digests.pass_id(pass_id)
    return _resident(row, digests)


def _resident(row: Row, digests: Digests) -> bytes:
    building, unit = row.get("building", ""), row.get("unit", "")
    if not building or not unit:
        raise RowError("building and unit: both expected")
    return digests.household(building, unit)


def _listed_key(row: Row, folder: Path) -> ListedKey:
    path = folder / row.get("key", "")
    key = _public_key(path)
    role = _role(row.get("role", ""), path)
    listed = ListedKey(key, _time(row, "not_before"), _time(row, "not_after"), role)
    if not listed.not_before < listed.not_after:
        raise RowError("not_after: a time after not_before expected")
    return listed


def _role(text: str, path: Path) -> KeyRole:
    """As the row says, and the key's file where the row says nothing. They may not differ."""
    if text and text not in tuple(KeyRole):
        raise RowError(f"role: {text!r} is none of {', '.join(KeyRole)}")
    try:
        label = labelled_role(path.read_bytes())
    except RoleError as error:
        raise RowError(f"key: {path} {error}") from None
    if text and label and text != label:
        raise RowError(f"role: {text}, where {path} is a key for {label}")
    return label or KeyRole(text or KeyRole.DISTRICT)


def _public_key(path: Path) -> Ed25519PublicKey:
    try:
        keys = parse_keys(path.read_bytes(), str(path))
    except OSError as error:
        raise RowError(f"key: {path}: {error.strerror}") from None
    except TrustError as error:
        raise RowError(f"key: {error}") from None
    if len(keys) != 1 or not isinstance(keys[0], Ed25519PublicKey):
        raise RowError(f"key: {path} is not one of the district's public keys (.pub)")
    return keys[0]


def _time(row: Row, name: str) -> datetime:
    text = row.get(name, "")
    try:
        return moment_of(iso_text(text))
    except (ValueError, OverflowError):
        raise RowError(f"{name}: {text!r} is no RFC 3339 time, such as 2026-03-01T00:00:00+08:00") from None
