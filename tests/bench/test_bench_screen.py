"""The parts of ``screen``: its film, its arithmetic, and that a car goes the whole way; never how fast."""

import shutil
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import bench_screen
import pytest
import screen_film
from chromium import CHROMIUM
from made import KEY
from plan import Plan
from screen_station import rises_of
from screen_way import DECIDING, SEEING, TAPPING, Way, gathered

from station.commands.replay import frames
from station.passes import cp1

pytestmark = pytest.mark.clock

WAY = Way("whole", "begun", (("first", "half"), ("second", "done")), 100)


def test_parts_of_a_way_are_between_one_mark_and_the_next() -> None:
    quick, slow = {"begun": 1.0, "half": 1.01, "done": 1.03}, {"begun": 5.0, "half": 5.03, "done": 5.2}
    assert WAY.rows([quick, slow]) == (
        ("whole", 200.0, 200.0, 200.0),
        ("first", 30.0, 30.0, 30.0),
        ("second", 170.0, 170.0, 170.0),
    )


def test_what_did_not_go_the_whole_way_has_no_figures_and_counts_as_late() -> None:
    lost = {"begun": 1.0, "half": 1.01}
    assert WAY.rows([lost]) == ()
    assert WAY.verdict([lost] * 5 + [{**lost, "done": 1.02}] * 95).endswith("MISSED")


@pytest.mark.parametrize(("took", "said"), [(0.1, "kept"), (0.102, "MISSED")])
def test_a_way_says_whether_its_aim_was_kept(took: float, said: str) -> None:
    assert WAY.verdict([{"begun": 0.0, "half": 0.0, "done": took}]) == f"aim: p95 at most 100 ms: {said}"


def test_only_the_first_mark_of_a_sort_counts_for_a_presentation() -> None:
    marks = [("heard", "1", "豫A10001", 3.0), ("heard", "1", "豫A10001", 9.0), ("heard", "2", "豫A10001", 4.0)]
    assert gathered(marks) == {("1", "豫A10001"): {"heard": 3.0}, ("2", "豫A10001"): {"heard": 4.0}}


def test_a_mock_pin_tells_when_it_rose() -> None:
    State = namedtuple("State", "timestamp state")
    assert rises_of([State(0.0, False), State(2.5, True), State(1.0, False), State(4.0, True)], 10.0) == [12.5, 17.5]


def test_every_film_shows_each_code_and_where_it_can_first_be_read(tmp_path: Path) -> None:
    texts = [cp1.issue(bench_screen.pass_of("1", number), KEY) for number in range(2)]
    films = {10: tmp_path / "10.mp4", 5: tmp_path / "5.mp4"}
    readable = screen_film.draw(texts, films, seed=1)
    for rate, film in films.items():
        times = [frame.time for frame in frames(film, "fast")]
        assert list(readable[rate]) == texts
        assert sorted(readable[rate].values()) == list(readable[rate].values())
        assert set(readable[rate].values()) <= set(times)
        assert times[1] - times[0] == pytest.approx(1 / rate, abs=0.002)


@pytest.mark.browser
def test_a_car_goes_the_whole_way_in_a_real_browser(tmp_path: Path) -> None:
    if shutil.which(CHROMIUM) is None:
        pytest.skip(f"no Chromium: apt-get install {CHROMIUM}")
    plan = replace(Plan(folder=tmp_path), screen_presentations=2, rates=(10,))
    with ThreadPoolExecutor(1) as own:  # Playwright allows one of itself in a thread, and the browser's tests have one
        deciding, tapping = own.submit(bench_screen.measure, plan).result()
    assert deciding.notes[-1].startswith("2 codes shown: ")
    assert [row[0] for row in deciding.rows] == [DECIDING.whole, *(name for name, _ in DECIDING.parts)]
    assert [row[0] for row in tapping.rows] == [TAPPING.whole, *(name for name, _ in TAPPING.parts), SEEING.whole]
