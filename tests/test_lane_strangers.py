"""Codes that are nobody's pass: beside a pass they belong to its passage, in the scene they count nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from filmed_lane import FilmedLane, Shown, a_code, message_codes
from made import KEY, NOON, a_pass

from station.domain.commands import Decide
from station.domain.decision import Outcome
from station.domain.reasons import Reason
from station.domain.situation import LaneKind, Mode
from station.passes import cp1

STICKER = "https://car-wash.example.org/?club=1137"
POSTER = "https://venue.example.org/hall/7"


def pass_code(x: int = 100, **changes: object) -> Shown:
    return a_code(cp1.issue(a_pass(**changes), KEY), x)


def sticker(x: int = 560, text: str = STICKER) -> Shown:
    return a_code(text, x)


@pytest.fixture
def lane(tmp_path: Path) -> FilmedLane:
    return FilmedLane(tmp_path)


def test_a_sticker_seen_with_the_pass_is_no_second_vehicle(lane: FilmedLane) -> None:
    lane.film([pass_code(), sticker()])
    assert lane.counts() == (1, 0, 0)


@pytest.mark.parametrize("gap_s", [0.0, 0.5, 0.8])
def test_a_sticker_seen_before_the_pass_belongs_to_its_passage(lane: FilmedLane, gap_s: float) -> None:
    lane.film([sticker()])
    assert lane.counts() == (0, 1, 0)
    lane.film([], gap_s)
    lane.film([pass_code()])
    assert lane.counts() == (1, 0, 0)
    assert lane.rig.view()["passage"]["plate"] == a_pass().plate


def test_a_sticker_seen_right_after_the_pass_displaces_nothing(lane: FilmedLane) -> None:
    lane.film([pass_code()])
    before = lane.rig.view()["passage"]["id"]
    lane.film([sticker()])
    assert lane.counts() == (1, 0, 0)
    assert lane.rig.view()["passage"]["id"] == before


def test_on_an_attended_lane_the_pass_stays_on_the_screen(tmp_path: Path) -> None:
    lane, code = FilmedLane(tmp_path, Mode.ATTENDED), pass_code()
    lane.film([code])
    lane.film([code, sticker()])
    lane.film([sticker()], 10)
    view = lane.rig.view()["passage"]
    assert (view["plate"], view["reasons"]) == (a_pass().plate, ("awaiting_operator",))
    assert lane.counts() == (0, 1, 0)


def test_what_was_seen_beside_a_pass_is_in_the_ledger_as_a_digest(lane: FilmedLane) -> None:
    lane.film([pass_code(), sticker()])
    row = lane.rig.ledger.last("1")
    assert row is not None
    assert row.entry.evidence["strangers"] == lane.rig.ledger.sealer.digest(STICKER.encode())
    assert (row.entry.key.outcome, row.entry.passages) == (Outcome.GRANTED, 1)


def test_two_stickers_and_a_pass_are_one_vehicle_in_any_order(lane: FilmedLane) -> None:
    lane.film([sticker()])
    lane.film([sticker(), sticker(900, "another")])
    lane.film([pass_code(), sticker(), sticker(900, "another")])
    assert lane.counts() == (1, 0, 0)


def test_a_strangers_code_alone_and_new_is_held(lane: FilmedLane) -> None:
    lane.film([sticker()])
    assert lane.counts() == (0, 1, 0)
    assert lane.rig.view()["passage"]["reasons"] == ("not_a_pass",)


@pytest.mark.parametrize("gap_s", [1.5, 4.0, 20.0])
@pytest.mark.parametrize("mode", Mode)
def test_the_next_vehicle_is_a_case_of_its_own_whatever_it_shows(tmp_path: Path, gap_s: float, mode: Mode) -> None:
    lane = FilmedLane(tmp_path, mode)
    for shown in (pass_code(), sticker(), sticker(text="another"), pass_code()):
        lane.film([shown])
        lane.film([], gap_s)
    assert sum(lane.counts()) == 4


def test_a_decision_of_the_operator_about_a_strangers_code_stands_and_the_next_pass_is_its_own(
    tmp_path: Path,
) -> None:
    lane = FilmedLane(tmp_path, Mode.ATTENDED)
    lane.film([sticker()])
    shown = lane.rig.view()["passage"]
    lane.rig.ask(Decide(Outcome.GRANTED, shown["id"], shown["row"]))
    lane.film([], 1)
    lane.film([pass_code()])
    assert lane.counts() == (1, 1, 0)


def test_on_a_lane_for_persons_the_next_one_behind_is_not_taken_for_the_same(tmp_path: Path) -> None:
    lane = FilmedLane(tmp_path, Mode.ATTENDED, LaneKind.PERSON)
    lane.film([pass_code()])
    lane.film([], 6)
    lane.film([sticker()])
    assert lane.counts() == (0, 2, 0)


def test_a_poster_that_is_hidden_and_seen_again_counts_once(lane: FilmedLane) -> None:
    poster = a_code(POSTER, 800, 40)
    lane.film([poster], 5)
    for number in range(5):
        lane.film([pass_code(id=f"{number:016x}")], 4)  # a vehicle stands before it
        lane.film([poster], 5)
    assert lane.counts() == (5, 0, 0)  # what it began before the first vehicle is that vehicle's passage
    assert "code_in_scene" in lane.rig.view()["faults"]
    lane.film([], 5)
    assert "code_in_scene" not in lane.rig.view()["faults"]


def test_a_poster_that_nothing_drives_by_is_one_held_case(lane: FilmedLane) -> None:
    poster = a_code(POSTER, 800, 40)
    for _ in range(5):
        lane.film([poster], 2)
        lane.film([], 5)
    assert lane.counts() == (0, 1, 0)


def test_a_poster_hidden_for_long_still_counts_nothing_once_it_is_known(lane: FilmedLane) -> None:
    poster = a_code(POSTER, 800, 40)
    for _ in range(4):
        lane.film([poster], 2)
        lane.rig.clock.seconds += 60
    before = lane.counts()
    lane.rig.clock.seconds += 3 * 3600
    lane.film([poster], 2)
    assert lane.counts() == before == (0, 1, 0)


def test_a_code_that_comes_back_elsewhere_is_shown_again(lane: FilmedLane) -> None:
    lane.film([sticker(200)])
    lane.rig.clock.seconds += 300
    lane.film([sticker(700)])
    assert lane.counts() == (0, 2, 0)


def test_a_pass_held_up_at_the_same_place_again_is_judged_again(lane: FilmedLane) -> None:
    code = pass_code()
    lane.film([code])
    lane.rig.clock.seconds += 300
    lane.film([code])
    assert lane.counts() == (1, 1, 0)  # used a moment ago


def test_a_family_that_is_to_be_ignored_counts_nothing(tmp_path: Path) -> None:
    lane = FilmedLane(tmp_path, ignored=("https://car-wash.example.org/*",))
    lane.film([sticker()])
    assert lane.counts() == (0, 0, 0)
    assert lane.rig.view()["passage"] is None


def test_a_message_in_several_symbols_asks_for_the_others_and_is_then_the_pass(lane: FilmedLane) -> None:
    symbols = message_codes(cp1.issue(a_pass(), KEY), 3)
    for symbol in symbols[:2]:
        lane.film([symbol])
        lane.film([], 1)
        assert lane.rig.view()["passage"]["reasons"] == ("incomplete",)
    lane.film([symbols[2]])
    assert lane.counts() == (1, 0, 0)
    assert lane.rig.view()["passage"]["plate"] == a_pass().plate


def test_a_strangers_message_in_two_symbols_is_one_case(lane: FilmedLane) -> None:
    for symbol in message_codes(" ".join(map(str, range(60))), 2):
        lane.film([symbol])
        lane.film([], 1)
    assert lane.counts() == (0, 1, 0)
    assert lane.rig.view()["passage"]["reasons"] == ("not_a_pass",)


def test_an_expired_pass_beside_a_sticker_is_denied_once(lane: FilmedLane) -> None:
    lane.film([pass_code(expires=NOON - timedelta(hours=1)), sticker()])
    assert lane.counts() == (0, 0, 1)
    assert Reason.EXPIRED in lane.rig.ledger.last("1").entry.reasons
