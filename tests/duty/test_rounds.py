"""Disinfection, goods at the gate and people handed on, over a real ledger."""

from datetime import timedelta
from pathlib import Path

import pytest
from duty_rig import DutyRig
from lanes import ZONE, LaneRig
from made import a_pass

from station.domain.commands import Refused
from station.domain.events.rounds import Disinfected, HandedToCar, Vulnerable
from station.domain.rounds import HourCounts
from station.duty.rounds import Rounds
from station.duty.writing import EventWriter
from station.ledger.hours import hours_of_day

EVERY = timedelta(hours=2)


class RoundsRig(DutyRig):
    def __post_init__(self) -> None:
        super().__post_init__()
        self.again()

    def again(self, every: timedelta | None = EVERY) -> None:
        """As after a restart."""
        self.rounds = Rounds(EventWriter(self.ledger, self.clock), self.events, every, ZONE, self.feed)


@pytest.fixture
def rig(tmp_path: Path) -> RoundsRig:
    return RoundsRig(tmp_path)


def test_before_any_round_none_is_due(rig: RoundsRig) -> None:
    assert (rig.rounds.round.last_at, rig.rounds.round.due_at, rig.rounds.round.today) == ("", "", 0)


def test_a_round_makes_the_next_one_due_and_is_known_after_a_restart(rig: RoundsRig) -> None:
    rig.rounds.disinfected("r1", ["1", "2"], "0107")
    rig.again()
    assert rig.rounds.round.due_at == "2026-03-02T06:00:00Z"
    (row,) = rig.events.of((Disinfected,))
    assert (row.event.lanes, row.operator) == (("1", "2"), "0107")
    assert rig.feed.changes(0, 0)[1]["rounds"]["due_at"] == "2026-03-02T06:00:00Z"


def test_a_form_that_is_sent_twice_is_one_round(rig: RoundsRig) -> None:
    for _ in range(2):
        rig.rounds.disinfected("r1", ["1"], "")
        rig.rounds.hand_to_car("h1", Vulnerable.ELDERLY, 2, "", "")
    assert rig.rounds.round.today == 1
    assert rig.rounds.handed["elderly"] == 2


def test_no_timer_means_that_nothing_is_ever_due(rig: RoundsRig) -> None:
    rig.again(every=None)
    rig.rounds.disinfected("r1", ["1"], "")
    assert rig.rounds.round.due_at == ""


def test_figures_are_of_the_local_day_and_of_the_shift(rig: RoundsRig) -> None:
    rig.rounds.disinfected("r1", ["1"], "")
    rig.rounds.hand_to_car("h1", Vulnerable.CHILD, 1, "豫A12345", "")
    begun = rig.clock.now().text
    rig.clock.seconds += 16 * 3600  # noon in Shanghai and 16 hours: the next day
    rig.rounds.disinfected("r2", ["1"], "")
    assert rig.rounds.round.today == 1
    assert rig.rounds.handed["child"] == 0
    assert rig.rounds.rounds_since(begun) == 2
    assert rig.rounds.rounds_since(rig.clock.now().text) == 1
    assert rig.rounds.rounds_since("") == 0


def test_goods_wait_until_they_are_collected_once(rig: RoundsRig) -> None:
    rig.rounds.leave("d1", "A3", "王先生", "parcel", "0107")
    rig.again()
    (waiting,) = rig.rounds.listed()
    assert (waiting.shelf, waiting.whose) == ("A3", "王先生")
    rig.rounds.collect("d1", "himself", "0107")
    with pytest.raises(Refused, match="not_found"):
        rig.rounds.collect("d1", "", "")
    rig.again()
    assert rig.rounds.listed() == []


def test_whose_goods_and_which_car_lie_under_seal(rig: RoundsRig) -> None:
    rig.rounds.leave("d1", "A3", "Mr Wang", "parcel", "")
    rig.rounds.hand_to_car("h1", Vulnerable.ILL, 1, "YUA12345", "")
    rig.ledger.close()
    raw = b"".join(file.read_bytes() for file in rig.folder.glob("ledger.db*"))
    assert b"Mr Wang" not in raw
    assert b"YUA12345" not in raw


def test_persons_of_a_group_are_known_after_a_restart(rig: RoundsRig) -> None:
    rig.rounds.hand_to_car("h1", Vulnerable.PREGNANT, 1, "", "")
    rig.rounds.hand_to_car("h2", Vulnerable.PREGNANT, 2, "", "")
    rig.again()
    assert rig.rounds.handed["pregnant"] == 3
    assert len(rig.events.of((HandedToCar,))) == 2


def test_the_board_of_the_day_counts_each_passage_in_the_hour_it_was_first_decided(rig: RoundsRig) -> None:
    lane = LaneRig(rig.folder, ledger=rig.ledger, clock=rig.clock)
    lane.scan(a_pass())
    lane.scan("a stranger's code")
    rig.clock.seconds += 3600
    lane.scan(a_pass())
    day = rig.clock.now().utc.astimezone(ZONE).date()
    assert hours_of_day(rig.ledger, ("1", "2"), day, ZONE) == [
        HourCounts("1", 12, 1, 1, 0),
        HourCounts("1", 13, 1, 0, 0),
    ]
    assert hours_of_day(rig.ledger, ("1", "2"), day + timedelta(days=1), ZONE) == []
