"""``station doctor --aim``: a line a second, for people and for programs."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import segno

from station.__main__ import main


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A configuration of two lanes: a printed code of 4 px per module, and an empty road at night."""
    made = segno.make("CP1:" + "6BF" * 40, error="m", micro=False)
    bits = np.array([list(row) for row in made.matrix_iter(border=4)], bool)
    picture = np.full((480, 640), 128, np.uint8)
    code = np.kron(np.where(bits, 40, 200), np.ones((4, 4))).astype(np.uint8)
    picture[100 : 100 + code.shape[0], 200 : 200 + code.shape[1]] = code
    cv2.imwrite(str(tmp_path / "gate.png"), picture)
    cv2.imwrite(str(tmp_path / "night.png"), np.full((480, 640), 4, np.uint8))
    config = tmp_path / "station.toml"
    lanes = "".join(
        f'[[lanes]]\nid = "{lane}"\ncamera = {{ driver = "file", path = "{tmp_path}/{name}.png" }}\n'
        for lane, name in (("1", "gate"), ("2", "night"), ("3", "gone"))
    )
    config.write_text(
        f'[station]\nid = "s"\nname = "s"\ndistrict = "d"\nlevels = ["d"]\ndata_dir = "{tmp_path}"\n{lanes}'
    )
    return config


def run(capsys: pytest.CaptureFixture[str], config: Path, *words: str) -> tuple[int, list[str], str]:
    code = main(["doctor", "--aim", "--config", str(config), *words])
    said = capsys.readouterr()
    return code, said.out.splitlines(), said.err


def test_a_code_in_view_is_measured_in_one_line(gate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, (line,), _ = run(capsys, gate)
    assert code == 0
    assert line.startswith("lane 1 | 4.0 px per module good | edge 1.")
    assert "code light good: mean " in line
    assert "| nothing to do |" in line
    assert "reads 50 mm to " in line


def test_programs_get_the_same_as_json(gate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, (line,), _ = run(capsys, gate, "--json")
    found = json.loads(line)
    assert (code, found["lane"], found["width"], found["height"]) == (0, "1", 640, 480)
    assert found["code"]["px_per_module"] == pytest.approx(4.0, abs=0.1)
    assert found["code"]["scale"] == found["code"]["sharpness"] == found["light"] == "good"
    assert found["advice"] == ["fine"]
    assert [one["size_mm"] for one in found["distances"]] == [50, 80, 120, 200]
    assert "text" not in found["code"]


def test_a_known_size_at_a_known_distance_replaces_the_angle(gate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, (line,), _ = run(capsys, gate, "--json", "--size", "80", "--distance", "2")
    found = json.loads(line)
    scale = found["code"]["px_per_module"]
    assert found["distances"][1]["limit_m"] == pytest.approx(2 * scale / 1.5, abs=0.01)


def test_without_a_code_it_says_so_with_the_frames_light(gate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, (line,), _ = run(capsys, gate, "--lane", "2")
    assert line.startswith("lane 2 | no code in view | frame light bad: mean 4, burnt 0%, black 100%")
    assert "light the lane; hold a code up to the camera" in line


def test_it_ends_after_the_seconds_asked_for(gate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gate.write_text(gate.read_text().replace("gate.png", 'gate.png", loop = true, pace = "real'))
    code, lines, _ = run(capsys, gate, "--for", "1.2")
    assert code == 0
    assert len(lines) == 1


def test_a_camera_that_is_not_there_ends_with_one_and_the_remedy(
    gate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines, err = run(capsys, gate, "--lane", "3")
    assert (code, lines) == (1, [])
    assert "lane 3: file camera" in err
    assert "check" in err


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (["--lane", "9"], "there is no lane '9' in the configuration; there are: 1, 2, 3"),
        (["--size", "80"], "--size and --distance go together"),
        (["--distance", "2"], "--size and --distance go together"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_remedy(
    gate: Path, capsys: pytest.CaptureFixture[str], words: list[str], remedy: str
) -> None:
    code, lines, err = run(capsys, gate, *words)
    assert (code, lines) == (2, [])
    assert remedy in err


def test_without_a_configuration_there_is_no_camera_to_aim(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--aim"]) == 2
    assert "give --config FILE" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["0", "-1", "wide", "nan", "175"])
def test_an_impossible_angle_is_bad_usage(gate: Path, capsys: pytest.CaptureFixture[str], value: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run(capsys, gate, "--view", value)
    assert ended.value.code == 2
    assert "give a" in capsys.readouterr().err
