"""What a station reads from its data_dir, as ``station doctor`` finds it: keys that seal, roster, plan."""

from collections.abc import Iterator
from pathlib import Path

from station.commands.doctor_check import Check
from station.duty import roster_file, rota_file
from station.duty.roster_file import RosterError
from station.duty.rota_file import RotaError
from station.ledger.seal import damaged_keys


def look_at_files(folder: Path) -> Iterator[Check]:
    yield _seal(folder / "seal")
    yield _roster(folder)
    yield _rota(folder)


def _seal(folder: Path) -> Check:
    name = "keys of sealed data"
    if damaged := damaged_keys(folder):
        remedy = (
            "what those days sealed can be read with the keys from 'station ledger backup --personal', if there is one"
        )
        return Check(name, False, "; ".join(damaged), remedy)
    return Check(name, True, str(folder))


def _roster(folder: Path) -> Check:
    try:
        members = roster_file.load(folder)
    except RosterError as error:
        return Check("roster", False, str(error))
    return Check(
        "roster", True if members else None, f"{len(members)} operators" if members else "none; badges sign on"
    )


def _rota(folder: Path) -> Check:
    try:
        rota = rota_file.load(folder)
    except RotaError as error:
        return Check("shift plan", False, str(error))
    return Check("shift plan", None if rota is None else True, "none" if rota is None else f"from {rota.start} on")
