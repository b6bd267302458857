"""``station doctor`` on the hub's lists: which there are, how old, and what to do about one that is no good."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from lanes import HandClock
from made import KEY
from made_lists import DIGESTS, DISTRICT, STATION, digested, revoking, today

from station.clock import utc_now
from station.commands.doctor_check import Check
from station.commands.doctor_lists import look_at_lists
from station.config import StationSection
from station.lists import Lists
from station.lists.shelf import Shelf
from station.passes import TrustList
from station.passes.keys import public_pem
from station.passes.signed_lists import ListName

pytestmark = pytest.mark.clock


@pytest.fixture
def section(tmp_path: Path) -> StationSection:
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "district.pub").write_bytes(public_pem(KEY))
    return StationSection(
        id=STATION, name="", district=DISTRICT, levels=(DISTRICT,), data_dir=str(tmp_path), clock="always"
    )


def keep(section: StationSection, name: str, message: bytes) -> None:
    shelf = Shelf(Path(section.data_dir) / "lists", DISTRICT, STATION)
    Lists(shelf, TrustList([KEY.public_key()]), DIGESTS, HandClock().now).receive("all", name, message)


def checks(section: StationSection) -> dict[str, Check]:
    return {check.name: check for check in look_at_lists(section)}


def test_a_station_without_lists_is_a_normal_state(section: StationSection) -> None:
    assert checks(section)["lists"].ok is None
    assert not (Path(section.data_dir) / "lists").exists()
    Shelf(Path(section.data_dir) / "lists", DISTRICT, STATION)
    assert checks(section)["lists"].ok is None


def test_each_list_is_told_with_its_age_and_a_stale_one_with_the_remedy(section: StationSection) -> None:
    signed = utc_now() - timedelta(days=9, hours=1)
    keep(section, "revocations", revoking("00" * 8, **today(issued_at=signed)))
    check = checks(section)["list revocations"]
    assert (check.ok, check.remedy) == (True, "")
    assert "1 entries, version 1, signed 9 days ago" in check.found
    keep(
        section, "revocations", revoking("00" * 8, version=2, **today(issued_at=signed, expires=signed + timedelta(1)))
    )
    check = checks(section)["list revocations"]
    assert check.ok is False
    assert "station list renew" in check.remedy


def test_a_list_without_its_key_and_a_damaged_one_are_wrong(section: StationSection) -> None:
    keep(section, "watchlist", digested(ListName.WATCHLIST, DIGESTS.plate("豫G1"), **today()))
    (Path(section.data_dir) / "lists" / "all.revocations.list").write_text("damaged")
    found = checks(section)
    assert found["list watchlist"].ok is False
    assert "list_key" in found["list watchlist"].remedy
    assert "all.revocations.list is damaged" in found["lists"].found


def test_a_list_key_that_cannot_be_read_is_told(section: StationSection, tmp_path: Path) -> None:
    keep(section, "revocations", revoking("00" * 8, **today()))
    check, listed = look_at_lists(replace(section, list_key=str(tmp_path / "gone.key")))
    assert listed.ok is True
    assert check.ok is False
    assert "gone.key" in check.found
