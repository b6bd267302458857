"""A key of a day that is damaged costs what it sealed; a lane goes on, and whoever looks is told."""

import json
from pathlib import Path

import pytest
from made import a_moment

from station.domain.passage import Personal
from station.ledger.photographs import Photographs
from station.ledger.seal import Sealer, damaged_keys

PLATE = Personal(plate="豫G12345")


@pytest.mark.parametrize("damage", [b"", b"short", bytes(31), bytes(33)])
def test_a_days_key_that_is_damaged_is_set_aside_and_a_new_one_seals(tmp_path: Path, damage: bytes) -> None:
    before = Sealer(tmp_path).seal(PLATE, a_moment())
    (key,) = tmp_path.glob("2026-*.key")
    key.write_bytes(damage)
    sealer = Sealer(tmp_path)
    assert sealer.unseal(before) is None
    after = sealer.seal(PLATE, a_moment())
    assert sealer.unseal(after) == PLATE
    assert f"{key}: {len(damage)} bytes where a key has 32" in sealer.fault
    assert key.with_name(key.name + ".damaged").read_bytes() == damage
    assert Sealer(tmp_path).unseal(after) == PLATE
    assert damaged_keys(tmp_path) == [f"{key}.damaged: was damaged, and set aside"]


@pytest.mark.parametrize("damage", [b"", b"x"])
def test_a_damaged_digest_key_is_never_used(tmp_path: Path, damage: bytes) -> None:
    Sealer(tmp_path)
    (tmp_path / "digest.key").write_bytes(damage)
    sealer = Sealer(tmp_path)
    assert "digest.key" in sealer.fault
    assert sealer.digest(b"a code") == Sealer(tmp_path).digest(b"a code")
    (tmp_path / "digest.key.damaged").rename(tmp_path / "digest.key")
    assert sealer.digest(b"a code") != Sealer(tmp_path / "other").digest(b"a code")


def test_a_folder_that_cannot_be_written_yet_gets_the_digest_key_with_the_first_row(tmp_path: Path) -> None:
    (tmp_path / "seal").write_text("in the way")
    sealer = Sealer(tmp_path / "seal")
    digest = sealer.digest(b"a code")
    with pytest.raises(OSError, match="seal"):
        sealer.seal(PLATE, a_moment())
    (tmp_path / "seal").unlink()
    sealer.seal(PLATE, a_moment())
    assert Sealer(tmp_path / "seal").digest(b"a code") == digest


def test_what_a_newer_station_sealed_beside_is_left(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path)
    sealed = sealer.seal_bytes(json.dumps({"plate": "豫G12345", "iris": "blue"}).encode(), a_moment())
    assert sealer.unseal(sealed) == PLATE


@pytest.mark.parametrize("stray", [b"", b"\x05ab", b"\xff", b"\x03../x"])
def test_a_stray_photograph_stops_no_forgetting(tmp_path: Path, stray: bytes) -> None:
    sealer = Sealer(tmp_path / "seal")
    photographs = Photographs(tmp_path / "photographs", sealer)
    kept = photographs.keep(b"\xff\xd8 a picture", a_moment())
    (tmp_path / "photographs" / "0123").write_bytes(stray)
    photographs.forget()
    assert photographs.find(kept) is not None
    assert photographs.find("0123") is None
