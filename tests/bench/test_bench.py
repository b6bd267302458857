"""The bench's own arithmetic, and that every section runs; never how fast anything is."""

import json
import struct
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import bench_decide
import bench_empty
import bench_lanes
import bench_ledger
import bench_lists
import bench_memory
import bench_presence
import bench_scan
import bench_streams
import bench_verify
import disk
import main
import pytest
from bare import ledger_rows, signed_part
from filming import FILM, at_rate, slowed
from made import KEY, a_pass
from pairing import interleaved, percentile, ratio, sliced
from plan import PROJECT, Plan
from shared import VIDEO, needs_video
from tables import Table, shown

from station.commands.replay import frames
from station.ledger import Ledger
from station.passes import cp1

pytestmark = pytest.mark.clock


class Ticks:
    """A clock that a contender moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def tiny(tmp_path: Path) -> Plan:
    return Plan(
        folder=tmp_path,
        scan_frames=20,
        passages=30,
        bulk=30,
        memory_frames=12,
        memory_size=(320, 180),
        seconds=0.5,
        rates=(15,),
        turns=1,
        settle=0.5,
        presentations=2,
        empty_seconds=0.2,
        verifications=30,
        decisions=10,
        listed=40,
        asked=20,
    )


def figures(table: Table) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = table.plain()["rows"]
    return rows


def test_every_contender_gets_every_slice_and_another_one_begins_each_time() -> None:
    order: list[tuple[str, list[int]]] = []

    def noted(name: str, work: Sequence[int]) -> None:
        order.append((name, list(work)))

    interleaved({"a": lambda work: noted("a", work), "b": lambda work: noted("b", work)}, [[1, 2], [3]])
    assert order == [("a", [1, 2]), ("b", [1, 2]), ("b", [3]), ("a", [3])]


def test_laps_are_seconds_an_item_by_both_clocks() -> None:
    cpu, wall = Ticks(), Ticks()

    def work(items: Sequence[int]) -> None:
        cpu.seconds += 0.5 * sum(items)
        wall.seconds += 2.0 * len(items)

    laps = interleaved({"a": work}, [[1, 1], [4], [3]], cpu, wall)["a"]
    assert (laps.items, laps.cpu, laps.wall) == (4, [0.5, 2.0, 1.5], [2.0, 2.0, 2.0])
    assert laps.per_second == 0.5
    assert (laps.cpu_median_ms, laps.cpu_mean_ms) == (1500.0, 4.5 / 4 * 1000)


def test_one_disturbed_slice_does_not_move_the_ratio() -> None:
    assert ratio([2.0, 2.0, 900.0], [1.0, 1.0, 1.0]) == 2.0


def test_a_slice_too_short_for_the_clock_is_left_out_of_the_ratio() -> None:
    assert ratio([2.0, 3.0], [0.0, 1.0]) == 3.0


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert (percentile(values, 50), percentile(values, 95), percentile([7.0], 95)) == (51.0, 96.0, 7.0)
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 50)


def test_slices_lose_nothing() -> None:
    assert list(sliced(range(5), 2)) == [[0, 1], [2, 3], [4]]


def test_a_table_says_the_same_as_text_and_as_json() -> None:
    table = Table("t: title", ("way", "ms"), (("a", 1234), ("bb", 0.01234)), ("a note",))
    assert table.text().splitlines() == [
        "## t: title",
        "way      ms",
        "-----------",
        "a     1,234",
        "bb   0.0123",
        "  a note",
    ]
    assert table.plain()["rows"][1] == {"way": "bb", "ms": 0.01234}
    assert [shown(123.4), shown(12.34), shown(1.234)] == ["123", "12.3", "1.23"]


def test_a_text_is_correct_when_one_reader_had_it_in_ten_frames() -> None:
    seen = [Counter({"once": 1, "often": 10}), Counter({"often": 1, "nearly": 9})]
    assert bench_scan.agreed_texts(iter(seen)) == {"often"}


def test_the_filesystem_is_the_nearest_mount_above_the_folder(tmp_path: Path) -> None:
    mounts = f"/dev/vda / ext4 rw 0 0\ntmpfs {tmp_path} tmpfs rw 0 0\nnone /elsewhere proc rw 0 0\n"
    assert disk.filesystem_of(tmp_path / "deeper", mounts) == ("tmpfs", "tmpfs")
    assert disk.filesystem_of(tmp_path.parent, mounts) == ("ext4", "/dev/vda")


def test_the_signed_part_of_a_pass_is_what_its_key_signed() -> None:
    KEY.public_key().verify(*signed_part(cp1.issue(a_pass(), KEY)))


def test_a_film_is_slowed_in_its_times_alone() -> None:
    film = b"....edts....mdhd" + bytes(12) + struct.pack(">I", 30000) + b"pictures"
    slow = slowed(film, 0.5)
    assert slow == b"....free....mdhd" + bytes(12) + struct.pack(">I", 15000) + b"pictures"


@needs_video
def test_a_slowed_film_has_every_picture_at_its_new_rate(tmp_path: Path) -> None:
    at_rate(VIDEO, 15, tmp_path)
    times = [frame.time for frame in frames(tmp_path / FILM, "fast")]
    assert len(times) == 437
    assert times[-1] == pytest.approx(436 / 15, abs=0.1)


@needs_video
def test_scan_shows_every_reader_on_every_video(tiny: Plan) -> None:
    tables = bench_scan.measure(tiny)
    assert [[row["reader"] for row in figures(table)] for table in tables] == [
        ["station", "zxing-cpp", "pyzbar", "opencv"]
    ] * 3


def test_empty_shows_both_readers_on_every_view_and_noise(tiny: Plan) -> None:
    (table,) = bench_empty.measure(tiny)
    told = {(row["view"], row["noise"], row["reader"]) for row in figures(table)}
    assert len(told) == len(table.rows) == len(bench_empty.VIEWS) * len(bench_empty.NOISE) * 2


def test_scan_says_which_video_is_not_here(tiny: Plan, tmp_path: Path) -> None:
    tables = bench_scan.measure(replace(tiny, video=tmp_path))
    assert all("skipped" in table.text() for table in tables)


def test_ledger_and_bare_table_hold_the_same_rows(tiny: Plan) -> None:
    single, bulk = bench_ledger.measure(tiny)
    for table in (single, bulk):
        assert [row["way"] for row in figures(table)] == ["station", "bare sqlite3"]
        assert "30 passages each" in table.text()


def test_an_entry_of_the_bench_is_a_granted_passage(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, bench_ledger.ZONE)
    ledger.append(bench_ledger.an_entry(0))
    columns, rows = ledger_rows(ledger.path)
    assert rows[0][columns.index("outcome")] == "granted"


def test_memory_shows_every_way_at_every_mark(tiny: Plan) -> None:
    (table,) = bench_memory.measure(tiny)
    assert [(row["way"], row["frames"]) for row in figures(table)] == [(way, 12) for way in bench_memory.WAYS]


def test_memory_is_looked_at_after_a_thousand_frames_and_every_tenfold() -> None:
    assert bench_memory.marks_up_to(20_000) == [1000, 10_000, 20_000]
    assert bench_memory.marks_up_to(5) == [5]


def test_lanes_run_a_real_station_beside_bare_threads(tiny: Plan) -> None:
    (table,) = bench_lanes.measure(tiny)
    assert [(row["fps"], row["way"]) for row in figures(table)] == [(15, "station"), (15, "bare zxing-cpp")]
    assert all(isinstance(row["frames/s a lane"], float) and row["frames/s a lane"] > 0 for row in figures(table))


def test_lanes_play_the_simulated_camera_where_the_video_is_absent(tmp_path: Path) -> None:
    camera, said = at_rate(tmp_path / "nowhere", 30, tmp_path)
    assert "simulated" in camera
    assert "not here" in said


def test_verify_reads_genuine_passes(tiny: Plan) -> None:
    (table,) = bench_verify.measure(tiny)
    assert [row["way"] for row in figures(table)] == ["passes.read", "bare Ed25519"]


def test_decide_grants_what_it_is_shown(tiny: Plan) -> None:
    (table,) = bench_decide.measure(tiny)
    assert "10 passes, 10 granted" in table.text()


def test_presence_counts_drawn_vehicles_by_every_model_and_says_which_video_is_absent(tiny: Plan) -> None:
    highway, drawn, dashcam = bench_presence.measure(replace(tiny, video=tiny.folder, lanes_drawn=1))
    assert [row["model"] for row in figures(drawn)] == [*bench_presence.MODELS]
    assert all(row["hits"] + row["missed"] == row["passed"] == 12 for row in figures(drawn))
    assert all("is not here" in table.notes[0] for table in (highway, dashcam))


def test_lists_hold_the_same_entries_either_way(tiny: Plan) -> None:
    lookups, memory = bench_lists.measure(tiny)
    assert [row["way"] for row in figures(lookups)] == ["all lists: Lists.hits", *bench_lists.WAYS]
    assert [(row["way"], row["entries"]) for row in figures(memory)] == [(way, 40) for way in bench_lists.WAYS]


def test_json_is_the_last_line_and_names_the_machine(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    main.main(["scan", "--json", "--video", str(tmp_path), "--dir", str(tmp_path)])
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(report) == {"machine", "sections"}
    assert list(report["sections"]) == ["scan"]


@pytest.mark.parametrize("wrong", [["lane"], ["--dir", "/nowhere"], ["--seconds", "0"], ["--size", "720p"]])
def test_a_wrong_word_on_the_command_line_is_refused_before_anything_runs(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main.main(wrong)
    assert capsys.readouterr().out == ""


def test_the_page_about_the_bench_names_every_section_and_every_option() -> None:
    page = (PROJECT / "docs" / "bench.md").read_text(encoding="utf-8")
    options = [option for action in main._parser()._actions for option in action.option_strings if option[:2] == "--"]
    assert [name for name in (*main.SECTIONS, *options) if f"`{name}" not in page and name != "--help"] == []


def test_streams_show_both_readers_on_every_scene_and_no_wrong_text(tiny: Plan) -> None:
    (table,) = bench_streams.measure(tiny)
    rows = figures(table)
    assert [(row["stream"], row["reader"]) for row in rows] == [
        (name, reader) for name in bench_streams.SCENES for reader in ("station", "zxing-cpp")
    ]
    assert sum(row["wrong"] for row in rows) == 0
    assert all(0 <= row["frames read %"] <= row["presentations read %"] <= 100 for row in rows)
