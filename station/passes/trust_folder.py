"""The folder of public keys that a station trusts. Where a file lies in it says what its key may sign.

``trust/``, ``passes/``, ``lists/`` and ``orders/`` in the folder hold the keys of one role each. A key of the district
that lies in the folder itself is undivided (``KeyRole.DISTRICT``), or, beside roots of their own in ``trust/``, a key
for passes. Third parties' certificates and key sets lie in the folder itself or in ``passes/``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from station.passes.key_file import MAX_FILE_BYTES, KeyFile, read_key_file
from station.passes.roles import DistrictKey, KeyRole, RoleError, labelled_role
from station.passes.signers import Signer
from station.passes.trust import TrustError, TrustList

# Enrolments of earlier versions laid the district's keys into the folder itself, with the orders key behind the root.
_FIRST_ENROLLED = "district-1.pub"
_ENROLLED_BEFORE = re.compile(r"district-\d+\.pub")


@dataclass(frozen=True, slots=True)
class TrustFolder:
    """What a folder of keys holds: the keys, and a line for each file or part of one that cannot be used.
    ``undecided``: files of which an earlier enrolment did not say what their keys sign."""

    trust: TrustList
    faults: tuple[str, ...] = ()
    undecided: tuple[Path, ...] = ()


def load_trust(folder: Path) -> TrustFolder:
    """Read every file of a folder as keys. One that is none costs itself alone.

    :raises TrustError: the folder is missing, or cannot be looked into.
    """
    if not folder.is_dir():
        raise TrustError(f"{folder} is no folder; make it and put the district's public keys in it")
    keys: list[DistrictKey | Signer] = []
    faults: list[str] = []
    try:
        files = list(_files(folder))
    except OSError as error:
        raise TrustError(f"{folder}: {error.strerror}; let the station's user read it") from None
    for path in files:
        found, wrong = read_role_file(path, place_role(path, folder))
        keys += found
        faults += (f"{path} {fault}" for fault in wrong)
    undecided = tuple(path for path in files if path.parent == folder and is_undecided(path))
    return TrustFolder(TrustList(keys), tuple(faults), undecided)


def _files(folder: Path) -> Iterator[Path]:
    """Every file that is to hold keys: those in the folder itself first, then those of each role."""
    for place in (folder, *(folder / role for role in KeyRole)):
        if place.is_dir():
            yield from sorted(path for path in place.iterdir() if _is_to_hold_keys(path))


def _is_to_hold_keys(path: Path) -> bool:
    return not path.is_dir() and not path.name.startswith(".")


def place_role(path: Path, folder: Path) -> KeyRole:
    """The role of a district's key that lies there."""
    if path.parent != folder:
        return KeyRole(path.parent.name)
    if _has_files(folder / KeyRole.TRUST):
        return KeyRole.PASSES
    return KeyRole.ORDERS if is_undecided(path) else KeyRole.DISTRICT


def is_undecided(path: Path) -> bool:
    """A key that an enrolment of an earlier version laid behind the root: it is the orders key, or a spare root, and
    the file does not say which. It signs orders alone until a trust list names its role."""
    name = path.name
    if name == _FIRST_ENROLLED or not _ENROLLED_BEFORE.fullmatch(name):
        return False
    return path.with_name(_FIRST_ENROLLED).exists()


def read_role_file(path: Path, place: KeyRole) -> tuple[list[DistrictKey | Signer], tuple[str, ...]]:
    """The keys of a file, the district's with what they may sign, and what is wrong with the file.

    :param place: the role of keys that lie there.
    """
    data = _read(path)
    if isinstance(data, KeyFile):
        return [], data.faults
    found = read_key_file(data)
    try:
        role = _role(data, place)
    except RoleError as error:
        theirs: list[DistrictKey | Signer] = [key for key in found.keys if isinstance(key, Signer)]
        return theirs, (*found.faults, str(error))
    return [key if isinstance(key, Signer) else DistrictKey(key, role.uses) for key in found.keys], found.faults


def _role(data: bytes, place: KeyRole) -> KeyRole:
    """:raises RoleError: the file names another role than its place, or none that there is."""
    label = labelled_role(data)
    if label is not None and place is not KeyRole.DISTRICT and label is not place:
        raise RoleError(f"is a key for {label}, and lies where keys for {place} do; move it to {label}/")
    return label or place


def _read(path: Path) -> bytes | KeyFile:
    try:
        if not path.is_file():
            return KeyFile(faults=("is no file, or a link to nothing",))
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        return KeyFile(faults=(f"cannot be read: {error.strerror}; let the station's user read it",))


def _has_files(folder: Path) -> bool:
    return folder.is_dir() and any(map(_is_to_hold_keys, folder.iterdir()))
