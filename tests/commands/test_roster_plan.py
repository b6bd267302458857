"""``station roster plan``: from the file that people write to the team that is due."""

from collections import Counter
from datetime import date, time
from pathlib import Path

import pytest
from roster_site import a_site, run, taken
from shared import CASES

from station.domain.rota import Rota
from station.duty.rota_file import FILE_NAME, RotaError, RotaFile, load, read_plan

pytestmark = pytest.mark.clock

TEAMS = "number,label,team\n1,A**,A\n2,B**,B\n3,C**,C\n4,D**,D\n"
PLAN = "date,00:00,08:00,16:00\n2026-03-02,A,B,C\n\n2026-03-03,D,A,B\n"
ROTA = Rota(date(2026, 3, 2), (time(0), time(8), time(16)), (("A", "B", "C"), ("D", "A", "B")))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    made = a_site(tmp_path)
    assert taken(made, "import", TEAMS) == 0
    return made


def test_a_plan_is_taken_shown_as_it_was_written_and_removed(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert taken(site, "plan", PLAN) == 0
    assert load(site / "data") == ROTA
    capsys.readouterr()
    assert run(site, "show", "--plan") == 0
    assert capsys.readouterr().out.removeprefix("\ufeff").split() == PLAN.split()
    assert run(site, "show") == 0
    assert "due: team " in capsys.readouterr().err
    assert run(site, "unplan") == 0
    assert load(site / "data") is None
    assert run(site, "show", "--plan") == 1
    assert run(site, "unplan") == 0


def test_teams_that_are_never_due_or_that_the_roster_has_lost_are_named(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken(site, "plan", "date,00:00\n2026-03-02,A\n2026-03-03,B\n")
    said = capsys.readouterr().err
    assert "team C is never due" in said
    assert "team A" not in said
    taken(site, "import", "number,label,team\n1,A**,A\n")
    run(site, "show")
    assert "team B stands in the plan and not in the roster" in capsys.readouterr().err


def test_a_plan_with_a_mistake_changes_nothing(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken(site, "plan", PLAN)
    assert taken(site, "plan", PLAN.replace("D", "X")) == 2
    assert "line 4: 00:00: X: one of the roster's teams is asked for (A, B, C, D)" in capsys.readouterr().err
    assert load(site / "data") == ROTA


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: give date, and 1 to 6 shifts"),
        ("day,00:00\n2026-03-02,A\n", "line 1: give date"),
        ("date\n2026-03-02\n", "line 1: give date"),
        ("date,8 am\n2026-03-02,A\n", "line 1: '8 am' is no time; write when the shift begins, as 08:00"),
        ("date,08:00,00:00\n2026-03-02,A,B\n", "line 1: give the shifts in the order of the day"),
        ("date,08:00,08:00\n2026-03-02,A,B\n", "line 1: give the shifts in the order of the day, each once"),
        ("date,00:00\n", "line 2: there is no day"),
        ("date,00:00\n2.3.2026,A\n", "line 2: '2.3.2026' is no date; write it as 2026-03-02"),
        ("date,00:00\n2026-03-02,A\n2026-03-04,B\n", "line 3: 2026-03-04 does not follow 2026-03-02"),
        ("date,00:00\n2026-03-02,A\n2026-03-02,B\n", "line 3: 2026-03-02 does not follow 2026-03-02"),
        ("date,00:00,08:00\n2026-03-02,A\n", "line 2: 1 teams for 2 shifts; give one team for each"),
        ("date,00:00\n2026-03-02,\n", "line 2: 00:00: no team: one of the roster's teams is asked for (A, B)"),
    ],
)
def test_every_mistake_names_its_line_and_what_to_write(text: str, said: str) -> None:
    with pytest.raises(RotaError) as error:
        read_plan(text, {"A", "B", ""})
    assert said in str(error.value)


def test_the_plan_of_the_docs_gives_each_of_eight_teams_three_shifts_in_eight_days() -> None:
    page = (Path(__file__).parents[2] / "docs" / "shifts.md").read_text("utf-8")
    plan = page.partition("```csv\n")[2].partition("```")[0]
    rota = read_plan(plan, set("ABCDEFGH"))
    assert Counter(team for day in rota.days for team in day) == dict.fromkeys("ABCDEFGH", 3)


def test_without_a_roster_the_plan_asks_for_it_first() -> None:
    with pytest.raises(RotaError, match="import the roster first"):
        read_plan(PLAN, set())


@pytest.mark.parametrize(
    "text",
    ["[{", "{}", '{"start": "2026-03-02", "begins": ["08:00"], "days": [["A", "B"]]}',
     '{"start": "2026-03-02", "begins": [], "days": [[]]}', '{"start": "2026-03-02", "begins": ["08:00"], "days": []}'],
)  # fmt: skip
def test_a_new_plan_counts_at_once_and_a_damaged_one_is_said(site: Path, text: str) -> None:
    file = RotaFile(site / "data")
    assert file.rota() is None
    taken(site, "plan", PLAN)
    assert file.rota() == ROTA
    (site / "data" / FILE_NAME).write_text(text, "utf-8")
    assert (file.rota(), "import the plan again" in file.fault) == (None, True)


def test_a_roster_in_gb18030_and_a_plan_with_excels_dates_are_taken(site: Path) -> None:
    """Made as Chinese Excel saves them: GB18030 without a mark, and CSV UTF-8 with dates of its own."""
    roster, plan = site / "名册.csv", site / "排班.csv"
    roster.write_bytes("number,label,team\r\n0417,䶮**,甲班\r\n0418,𠮷**,乙班\r\n".encode("gb18030"))
    plan.write_bytes(
        "date,0:00,8:00,16:00\r\n2026/3/2,甲班,乙班,甲班\r\n2026/3/3,乙班,甲班,乙班\r\n".encode("utf-8-sig")
    )
    assert run(site, "import", str(roster)) == 0
    assert run(site, "plan", str(plan)) == 0
    assert load(site / "data") == Rota(
        date(2026, 3, 2), (time(0), time(8), time(16)), (("甲班", "乙班", "甲班"), ("乙班", "甲班", "乙班"))
    )


def test_what_is_shown_opens_in_a_spreadsheet_and_is_taken_again(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken(site, "import", "number,label,team\n1,=1+1,甲班\n")
    capsys.readouterr()
    run(site, "show")
    shown = capsys.readouterr().out
    assert shown.startswith("\ufeffnumber,label")
    assert "'=1+1" in shown
    assert taken(site, "import", "\n".join(line.rsplit(",", 1)[0] for line in shown.splitlines())) == 0


@pytest.mark.skipif(not CASES.is_dir(), reason=f"needs the inputs in {CASES}, which are not here")
def test_the_offices_files_in_shared_are_taken(site: Path) -> None:
    assert run(site, "import", str(CASES / "roster-gb18030.csv")) == 0
    assert run(site, "plan", str(CASES / "shift-plan-excel-dates.csv")) == 0
