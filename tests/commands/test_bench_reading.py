"""``station bench reading``: rates and misreads where texts are known, agreement where they are not."""

import json
from pathlib import Path

import pytest
import segno

from station.__main__ import main

READERS = {"station", "zxing-cpp", "pyzbar", "opencv"}


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict], str]:
    capsys.readouterr()
    code = main(["bench", "reading", *arguments])
    out, err = capsys.readouterr()
    return code, [json.loads(line) for line in out.splitlines() if line.startswith("{")], err


def a_photo(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    segno.make(text, micro=False).save(str(path), scale=6, border=4)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    a_photo(tmp_path / "gate" / "one.png", "one")
    a_photo(tmp_path / "gate" / "two.png", "two")
    a_photo(tmp_path / "bus" / "three.png", "three")
    return tmp_path


def test_without_a_manifest_it_counts_photos_with_a_code_per_set_and_reader(photos: Path, capsys) -> None:
    code, lines, _ = run(capsys, str(photos), "--json")
    assert code == 0
    assert [(line.get("set"), line.get("pictures")) for line in lines[:-1]] == [("bus", 1), ("gate", 2)]
    whole = lines[-1]["summary"]
    assert whole["pictures"] == 3
    assert set(whole["readers"]) == READERS
    for figures in whole["readers"].values():
        assert set(figures) == {"with_code", "ms"}
        assert set(figures["ms"]) == {"mean", "p50", "p95"}
    assert whole["readers"]["station"]["with_code"] == 3


def test_with_a_manifest_it_counts_rates_and_misreads_where_a_photo_is_known_completely(photos: Path, capsys) -> None:
    rows = ["file,expected,complete", "gate/one.png,one,1", "gate/two.png,deux,1", "bus/three.png,three,1"]
    rows += ["bus/three.png,four,0"]
    (photos / "manifest.csv").write_text("\n".join(rows), encoding="utf-8")
    code, lines, _ = run(capsys, str(photos), "--json")
    by_set = {line["set"]: line["readers"]["station"] for line in lines[:-1]}
    assert code == 1  # "two" where "deux" is expected is a misread
    assert {name: by_set["gate"][name] for name in ("read", "read_all", "misreads")} == {
        "read": 1,
        "read_all": 1,
        "misreads": 1,
    }
    assert {name: by_set["bus"][name] for name in ("read", "read_all", "misreads")} == {
        "read": 1,
        "read_all": 0,
        "misreads": 0,
    }


def test_people_get_a_table(photos: Path, capsys) -> None:
    capsys.readouterr()
    assert main(["bench", "reading", str(photos)]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0].split()[:4] == ["set", "photos", "reader", "with"]
    assert "100.0 %" in out
    assert "all sets" in out


def test_a_file_that_is_no_picture_is_told_and_the_rest_is_measured(photos: Path, capsys) -> None:
    (photos / "gate" / "broken.png").write_bytes(b"no picture")
    code, lines, _ = run(capsys, str(photos), "--json")
    assert code == 1
    assert [line["file"] for line in lines if "error" in line] == ["gate/broken.png"]
    assert lines[-1]["summary"]["pictures"] == 3


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "holds no photos"),
        ({"a.png": "no picture"}, "none of 1 photos can be opened"),
        ({"manifest.csv": "picture,text\na.png,one\n"}, "columns file and expected"),
        ({"manifest.csv": ""}, "columns file and expected"),
    ],
)
def test_a_folder_it_cannot_measure_is_bad_input_in_one_line(files, told: str, tmp_path: Path, capsys) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    code, lines, err = run(capsys, str(tmp_path))
    assert (code, lines, err.count("\n")) == (2, [], 1)
    assert told in err


def test_a_folder_that_is_not_there_is_bad_input(tmp_path: Path, capsys) -> None:
    code, _, err = run(capsys, str(tmp_path / "nowhere"))
    assert code == 2
    assert "nowhere is no folder" in err
