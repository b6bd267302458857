"""``station hub levels``: the same tree from CSV and YAML, nothing changed by a file that is wrong, and back again."""

from pathlib import Path

import pytest

from station.__main__ import main
from station.hub.queries import Queries
from station.hub.sqlite import SqliteDatabase

pytestmark = pytest.mark.clock

CSV = """level,title_zh,title_en,station,from
pingyuan,平原示范区,Pingyuan,,
pingyuan/qiaobei,桥北乡,Qiaobei,,
pingyuan/qiaobei,,,bridge-north,
pingyuan/qiaobei,,,bridge-south,2026-03-01
"""
YAML = """
levels:
  - name: pingyuan
    title_zh: 平原示范区
    title_en: Pingyuan
    levels:
      - name: qiaobei
        title_zh: 桥北乡
        title_en: Qiaobei
        stations:
          - bridge-north
          - {id: bridge-south, from: 2026-03-01}
"""


class Site:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "hub.toml"
        self.config.write_text(f'[hub]\ndistrict = "pingyuan"\ndata_dir = "{folder / "hub"}"\n')

    def run(self, action: str, *words: str) -> int:
        return main(["hub", "levels", action, "--config", str(self.config), *words])

    def take(self, text: str, name: str = "levels.csv", *words: str) -> int:
        file = self.folder / name
        file.write_text(text, "utf-8")
        return self.run("import", *words, str(file))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def exported(site: Site, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert site.run("export", *words) == 0
    return capsys.readouterr().out.removeprefix("\ufeff")


def test_csv_and_yaml_say_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = []
    for name, text in (("levels.csv", CSV), ("levels.yaml", YAML)):
        (tmp_path / name).mkdir()
        site = Site(tmp_path / name)
        assert site.take(text, name) == 0
        assert "2 levels added, 0 titled anew, 2 placements" in capsys.readouterr().out
        found.append(exported(site, capsys))
    assert found[0] == found[1]
    assert "pingyuan/qiaobei,,,bridge-north,always" in found[0]


@pytest.mark.parametrize("form", ["csv", "yaml"])
def test_what_is_exported_is_taken_again_and_changes_nothing(
    site: Site, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    site.take(CSV)
    text = exported(site, capsys, "--format", form)
    assert site.take(text, f"again.{form}") == 0
    assert "0 levels added, 0 titled anew, 0 placements of stations new to the registry, 0 of known" in (
        capsys.readouterr().out
    )
    assert exported(site, capsys, "--format", form) == text


def test_a_file_with_a_wrong_row_changes_nothing(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert site.take(f"{CSV}pingyuan/nowhere,,,bridge-west,\n") == 2
    *lines, last = capsys.readouterr().err.splitlines()
    assert "levels.csv row 6: level: there is no 'pingyuan/nowhere' to place bridge-west at; add a row" in lines[0]
    assert last == "nothing was changed"
    assert exported(site, capsys).splitlines() == ["level,title_zh,title_en,station,from"]


def test_a_dry_run_says_what_would_change_and_changes_nothing(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert site.take(CSV, "levels.csv", "--dry-run") == 0
    assert capsys.readouterr().out.endswith("; nothing was changed\n")
    assert exported(site, capsys).splitlines() == ["level,title_zh,title_en,station,from"]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("levels.csv", "level,colour\n", "no column is called 'colour'"),
        ("levels.csv", "level,title_zh\npingyuan,a,b\n", "row 2: has more cells than columns"),
        ("levels.txt", "", "does not end with .csv, .yaml, .yml"),
        ("levels.yaml", "levels: [", "row 1"),
        ("levels.yaml", "levels:\n  - nome: x\n", "row 2: 'nome' is none of name, title_zh"),
        ("levels.yaml", "levels:\n  - name: a/b\n", "row 2: name: 'a/b' has a '/'"),
        ("levels.yaml", "levels: 7\n", "row 1: a list is expected"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_its_remedy(
    site: Site, capsys: pytest.CaptureFixture[str], name: str, text: str, told: str
) -> None:
    assert site.take(text, name) == 2
    assert told in capsys.readouterr().err


def test_the_tree_is_shown_with_titles_and_stations(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.take(CSV)
    capsys.readouterr()
    assert site.run("show") == 0
    assert capsys.readouterr().out == "pingyuan  平原示范区 · Pingyuan\n  qiaobei  桥北乡 · Qiaobei (2 stations)\n"
    assert site.run("show", "pingyuan/nowhere") == 2


def test_a_station_that_was_placed_and_never_heard_is_known_to_the_hub(site: Site) -> None:
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    site.take(CSV)
    database = SqliteDatabase(site.folder / "hub")
    queries = Queries(database, "pingyuan", ZoneInfo("Asia/Shanghai"), lambda: datetime(2026, 3, 2, tzinfo=UTC))
    assert [(row.id, row.state, row.levels) for row in queries.stations()] == [
        ("bridge-north", "unknown", ("pingyuan", "qiaobei")),
        ("bridge-south", "unknown", ("pingyuan", "qiaobei")),
    ]
    database.close()
