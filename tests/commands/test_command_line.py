"""The command line as a program sees it: what it prints, where, and how it ends."""

import base64
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import segno
from made import KEY, a_pass
from shared import PHOTOS, VIDEO, needs_photos, needs_video

from station.__main__ import main
from station.commands.table import COMMANDS
from station.passes import cp1
from station.passes.keys import public_pem

pytestmark = pytest.mark.clock


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict], str]:
    """Exit code, the JSON lines on stdout, and stderr."""
    capsys.readouterr()
    code = main(list(arguments))
    out, err = capsys.readouterr()
    return code, [json.loads(line) for line in out.splitlines()], err


def a_photo(path: Path, text: str) -> Path:
    segno.make(text, micro=False).save(str(path), scale=6)
    return path


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_every_command_has_help_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert f"example:\n  station {name}" in capsys.readouterr().out


def test_decode_answers_one_object_a_line_and_an_unreadable_file_does_not_stop_the_rest(tmp_path: Path, capsys) -> None:
    a_photo(tmp_path / "b.png", "hello")
    (tmp_path / "a.png").write_bytes(b"no picture")
    code, lines, _ = run(capsys, "decode", "--json", str(tmp_path), str(tmp_path / "nowhere.png"))
    assert code == 1
    assert [("error" in line) for line in lines] == [True, False, True]
    read = lines[1]
    assert set(read) == {"file", "width", "height", "ms", "codes"}
    (found,) = read["codes"]
    assert set(found) == {"text", "bytes_b64", "format", "corners", "decoder"}
    assert (found["text"], base64.b64decode(found["bytes_b64"])) == ("hello", b"hello")
    assert len(found["corners"]) == 4


def test_replay_prints_a_scan_for_a_presentation_and_with_every_frame_one_for_each(tmp_path: Path, capsys) -> None:
    for number in range(4):
        a_photo(tmp_path / f"{number}.png", "same code")
    code, lines, _ = run(capsys, "replay", "--json", str(tmp_path))
    assert code == 0
    assert [line.get("text") for line in lines] == ["same code", None]
    assert set(lines[0]) == {"frame", "t", "text", "format", "corners"}
    summary = lines[-1]["summary"]
    assert (summary["frames"], summary["frames_with_code"], summary["scans"]) == (4, 4, 1)
    assert set(summary["ms_per_frame"]) == {"mean", "p50", "p95"}
    _, lines, _ = run(capsys, "replay", "--json", "--every-frame", str(tmp_path))
    assert len(lines) == 5


def test_replay_of_what_is_not_there_is_bad_input_in_one_line(tmp_path: Path, capsys) -> None:
    code, lines, err = run(capsys, "replay", str(tmp_path / "gone.mp4"))
    assert (code, lines, err.count("\n")) == (2, [], 1)
    assert "gone.mp4" in err


@needs_photos
def test_decode_reads_at_least_what_zxing_cpp_alone_reads_and_more(capsys) -> None:
    import csv

    import zxingcpp

    sets = ("boofcv-glare", "boofcv-bright_spots", "zxing-qrcode-3")
    with (PHOTOS / "manifest.csv").open(newline="", encoding="utf-8") as file:
        wanted = [row for row in csv.DictReader(file) if row["set"] in sets]
    _, lines, _ = run(capsys, "decode", "--json", *(str(PHOTOS / name) for name in sets))
    ours = {(line["file"], code["text"]) for line in lines for code in line["codes"]}
    alone = set()
    for row in {row["file"] for row in wanted}:
        image = cv2.imread(str(PHOTOS / row), cv2.IMREAD_GRAYSCALE)
        found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCodeModel2)
        alone |= {(str(PHOTOS / row), code.text) for code in found}
    expected = {(str(PHOTOS / row["file"]), row["expected"]) for row in wanted}
    assert len(ours & expected) > len(alone & expected)
    complete = {str(PHOTOS / row["file"]) for row in wanted if row["complete"] == "1"}
    assert {pair for pair in ours - expected if pair[0] in complete} == set()


@needs_video
def test_replay_of_the_real_walk_gives_one_scan_for_each_of_the_eight_codes(capsys) -> None:
    _, lines, _ = run(capsys, "replay", "--json", str(VIDEO / "qr-codes.mp4"))
    assert lines[-1]["summary"]["scans"] == len({line["text"] for line in lines[:-1]}) == 8


@needs_video
def test_replay_of_traffic_without_codes_reads_none(capsys) -> None:
    _, lines, _ = run(capsys, "replay", "--json", str(VIDEO / "no-code-dashcam.mp4"))
    assert lines[-1]["summary"]["scans"] == 0


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    folder = tmp_path / "trust"
    folder.mkdir()
    (folder / "district.pub").write_bytes(public_pem(KEY))
    return folder


@pytest.mark.parametrize(
    ("at", "code", "reasons"),
    [
        ("2026-03-02T12:00:00+08:00", 0, []),
        ("2026-03-03T00:00:00+08:00", 1, ["expired"]),
        ("2026-03-01T00:00:00Z", 1, ["not_yet_valid"]),
    ],
)
def test_verify_judges_a_pass_at_the_time_it_is_given(trust, tmp_path, capsys, at, code, reasons) -> None:
    file = tmp_path / "pass.txt"
    file.write_text(cp1.issue(a_pass(), KEY) + "\n")
    ended, (verdict,), _ = run(capsys, "pass", "verify", "--trust", str(trust), "--at", at, str(file))
    assert (ended, verdict["valid"], verdict["kind"], verdict["reasons"]) == (code, not code, "declaration", reasons)
    assert verdict["claims"]["plate"] == "豫G12345"


def test_verify_without_the_key_knows_no_issuer_and_repeats_no_claim(tmp_path: Path, capsys) -> None:
    file = tmp_path / "pass.txt"
    file.write_text(cp1.issue(a_pass(), KEY))
    code, (verdict,), _ = run(capsys, "pass", "verify", str(file))
    assert (code, verdict) == (1, {"valid": False, "kind": None, "reasons": ["unknown_issuer"], "claims": {}})


def test_verify_in_batch_answers_a_line_for_a_line_and_survives_a_bad_one(tmp_path: Path, capsys) -> None:
    raw = base64.b64encode(KEY.public_key().public_bytes_raw()).decode()
    text = cp1.issue(a_pass(), KEY)
    file = tmp_path / "batch.jsonl"
    asked = [{"text": text, "at": "2026-03-02T04:00:00Z", "trust": [raw]}, {"text": text, "trust": []}]
    file.write_text("\n".join([json.dumps(asked[0]), "{broken", json.dumps(asked[1])]))
    code, verdicts, _ = run(capsys, "pass", "verify", "--batch", str(file))
    assert code == 0
    assert [verdict.get("valid") for verdict in verdicts] == [True, None, False]
    assert "line 2" in verdicts[1]["error"]


def test_issue_from_a_csv_tells_faulty_rows_by_number_and_issues_the_good_ones(trust, tmp_path, capsys) -> None:
    assert main(["keys", "new", str(tmp_path / "d.key")]) == 0
    table = tmp_path / "passes.csv"
    rows = (
        "kind,plate,party,declared,order",
        "vehicle,豫G1,2,identity test,",
        "vehicle,豫G2,many,,",
        "voucher,豫G3,,,D7",
    )
    table.write_text("\n".join(rows) + "\n")
    capsys.readouterr()
    code = main(["pass", "issue", "--key", str(tmp_path / "d.key"), "--issuer", "pingyuan", "--csv", str(table)])
    out, err = capsys.readouterr()
    assert code == 1
    assert len(out.splitlines()) == 2
    assert "row 3: party: 'many' is no number" in err


def test_a_key_is_never_written_over_and_is_for_its_owner_alone(tmp_path: Path, capsys) -> None:
    key = tmp_path / "d.key"
    assert main(["keys", "new", str(key)]) == 0
    assert key.stat().st_mode & 0o777 == 0o600
    assert main(["keys", "new", str(key)]) == 2
    assert "never written over" in capsys.readouterr().err


def test_a_ledger_that_is_not_there_is_bad_input(tmp_path: Path, capsys) -> None:
    code, _, err = run(capsys, "ledger", "verify", str(tmp_path))
    assert code == 2
    assert "give the station's data_dir" in err


def test_doctor_looks_at_the_parts_a_configuration_names(tmp_path: Path, capsys) -> None:
    cv2.imwrite(str(tmp_path / "gate.png"), np.zeros((48, 64), np.uint8))
    config = tmp_path / "station.toml"
    config.write_text(
        f"""
[station]
id = "s"
name = "s"
district = "d"
levels = ["d"]
data_dir = "{tmp_path}"
[[lanes]]
id = "1"
camera = {{ driver = "file", path = "{tmp_path}/gate.png", loop = true }}
[[lanes]]
id = "2"
camera = {{ driver = "file", path = "{tmp_path}/gone.mp4" }}
"""
    )
    code, (report,), _ = run(capsys, "doctor", "--json", "--config", str(config))
    checks = {check["name"]: check for check in report["checks"]}
    assert code == 1
    assert checks["camera of lane 1"]["ok"] is True
    assert checks["camera of lane 2"]["ok"] is False
    assert "put the district's public keys" in checks["trusted keys"]["remedy"]
