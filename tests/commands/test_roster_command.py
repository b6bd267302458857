"""``station roster``, from a CSV to who may sign on."""

from pathlib import Path

import pytest
from roster_site import a_site, run, taken

from station.domain.details import BadgeRole
from station.duty.roster_file import FILE_NAME, RosterError, RosterFile, is_pin, load, read_roster

pytestmark = pytest.mark.clock

TEAM = "number,label,team,role,experienced,pin\n0107,王**,B,operator,yes,2580\n0108,李**,B,supervisor,no,\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return a_site(tmp_path)


def test_a_csv_becomes_the_roster_and_its_pins_are_hashes(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert taken(site, "import", TEAM) == 0
    roster = load(site / "data")
    assert (roster["0107"].experienced, roster["0108"].role) == (True, BadgeRole.SUPERVISOR)
    assert is_pin("2580", roster["0107"].pin)
    assert not is_pin("2581", roster["0107"].pin)
    assert not is_pin("", roster["0108"].pin)
    file = site / "data" / FILE_NAME
    assert "2580" not in file.read_text("utf-8")
    assert file.stat().st_mode & 0o077 == 0
    capsys.readouterr()
    assert run(site, "show") == 0
    said = capsys.readouterr()
    assert "0107,王**,B,operator,yes,yes" in said.out
    assert "team B: 1 of 2 experienced" in said.err


def test_an_empty_pin_keeps_the_one_of_before(site: Path) -> None:
    taken(site, "import", TEAM)
    assert taken(site, "import", "number,label\n0107,王**\n") == 0
    assert is_pin("2580", load(site / "data")["0107"].pin)


def test_every_mistake_is_told_with_its_line_and_nothing_is_taken(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken(site, "import", TEAM)
    lines = (",王**,,,", "0108,李**,chief,,", "0109,张**,,maybe,", "0110,赵**,,,12", "0110,赵**,,,")
    assert taken(site, "import", "\n".join(("number,label,role,experienced,pin", *lines))) == 2
    said = capsys.readouterr().err
    assert all(part in said for part in ("line 2: number", "line 3: role 'chief'", "line 4: experienced 'maybe'"))
    assert "line 5: number 0110 stands there twice" in said
    assert "line 5: pin of 0110: 4 to 8 digits" in said
    assert "2580" not in said
    assert load(site / "data").keys() == {"0107", "0108"}


def test_a_missing_column_is_named() -> None:
    with pytest.raises(RosterError, match="column label is missing"):
        read_roster("number,team\n1,B\n", {})


def test_a_new_roster_counts_at_once_and_a_damaged_one_is_said(site: Path) -> None:
    file = RosterFile(site / "data")
    assert file.members() == {}
    taken(site, "import", TEAM)
    assert file.members().keys() == {"0107", "0108"}
    (site / "data" / FILE_NAME).write_text("[{", "utf-8")
    assert file.members() == {}
    assert "import the roster again" in file.fault
