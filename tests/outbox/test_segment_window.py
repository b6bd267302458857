"""The small window over the ledger's segments: what is said when, and what the hub's word moves."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from lanes import LaneRig
from made import a_pass

from station.ledger import Segments
from station.messages import Ack, Segment
from station.outbox.segments import IN_FLIGHT, RESEND_AFTER, SegmentWindow


@dataclass
class Card:
    """A ledger with one row for each segment, and the window over it."""

    folder: Path
    said: list[Segment] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lane = LaneRig(self.folder)
        self.segments = Segments(self.lane.ledger)
        self.window = SegmentWindow(self.segments, gather=0.0)
        self.now = 0.0

    def write(self) -> Segment:
        """One more passage. :return: the segment that tells of it."""
        self.lane.scan(a_pass())
        (segment,) = self.offer()
        return segment

    def offer(self) -> list[Segment]:
        self.said.clear()
        self.window.offer(self.now, self.said.append)
        return list(self.said)

    def hear(self, number: int, *ids: str) -> str:
        return self.window.acknowledged(Ack(self.segments.epoch, number, segments=ids), self.now)

    def widen(self) -> None:
        """Answer in good time until the window is as wide as it gets."""
        for _ in range(IN_FLIGHT):
            segment = self.write()
            self.hear(segment.segment, segment.id)

    def close(self) -> None:
        self.segments.close()
        self.lane.ledger.close()


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Card]:
    card = Card(tmp_path / "card")
    yield card
    card.close()


def test_a_backlog_begins_with_one_and_each_answer_in_good_time_lets_one_more_under_way(card: Card) -> None:
    card.widen()
    card.window.begin()
    said = []
    for _ in range(IN_FLIGHT + 2):
        card.lane.scan(a_pass())
        said += card.offer()
    assert len(said) == 1
    card.hear(said[0].segment, said[0].id)
    card.lane.scan(a_pass())
    assert len(card.offer()) == 1  # all rows that waited lie in it
    card.lane.scan(a_pass())
    assert len(card.offer()) == 1
    card.lane.scan(a_pass())
    assert card.offer() == []


def test_what_is_not_answered_is_said_again_after_longer_and_longer_waits_and_alone(card: Card) -> None:
    card.widen()
    first, _ = card.write(), card.write()
    said = []
    for card.now in (9.9, RESEND_AFTER, 29.9, 30.0, 69.9, 70.0, 129.9, 130.0):
        said.append([segment.id for segment in card.offer()])
    assert said[1] == [first.id]
    assert said == [[], [first.id], [], [first.id], [], [first.id], [], [first.id]]


def test_what_the_hub_names_beyond_a_gap_is_not_said_again_and_counts_once_the_gap_is_closed(card: Card) -> None:
    card.widen()
    first, second, third = (card.write() for _ in range(3))
    card.hear(third.segment, first.id, third.id)
    assert card.segments.acked == first.segment
    card.now = RESEND_AFTER
    assert [segment.id for segment in card.offer()] == [second.id]
    card.hear(third.segment, second.id)
    assert card.segments.acked == third.segment
    assert card.offer() == []


def test_a_hub_that_names_no_ids_is_believed_by_its_number(card: Card) -> None:
    card.widen()
    card.write(), card.write()
    last = card.segments.last()
    assert last is not None
    assert card.window.acknowledged(Ack(card.segments.epoch, last.segment), card.now) == ""
    assert card.segments.acked == last.segment


def test_a_new_connection_says_again_what_was_under_way(card: Card) -> None:
    first = card.write()
    card.window.begin()
    assert [segment.id for segment in card.offer()] == [first.id]


def test_a_hub_that_asks_again_gets_everything_from_there_on(card: Card) -> None:
    card.widen()
    first, _, third = (card.write() for _ in range(3))
    card.hear(third.segment, first.id, third.id)
    card.window.reopen(2)
    said: list[Segment] = []
    while card.segments.acked < third.segment:
        said += card.offer()
        card.hear(third.segment, *(segment.id for segment in said))
    assert [segment.segment for segment in said] == list(range(2, third.segment + 1))


def test_an_old_card_does_not_take_the_acknowledgement_of_another_segment_of_the_same_number_for_its_own(
    card: Card, tmp_path: Path
) -> None:
    first = card.write()
    card.hear(1, first.id)
    shutil.copytree(card.folder, tmp_path / "copy")
    lost_with_the_card = card.write()
    card.hear(2, lost_with_the_card.id)

    old = Card(tmp_path / "copy")
    second = old.write()
    assert second.segment == lost_with_the_card.segment
    assert second.id != lost_with_the_card.id
    assert old.hear(2) == ""
    assert old.segments.acked == 1
    old.hear(2, second.id)
    assert old.segments.acked == 2
    old.close()


def test_an_old_card_says_so_and_numbers_on_behind_what_the_hub_has(card: Card, tmp_path: Path) -> None:
    first = card.write()
    card.hear(1, first.id)
    second, _ = card.write(), card.lane.scan(a_pass())
    assert "an old card was put back" in card.hear(9, second.id)
    assert card.segments.acked == 9
    assert [(segment.segment, segment.from_seq) for segment in card.offer()] == [(10, 3)]


def test_a_segment_that_no_card_can_have_sent_is_told_and_costs_the_ledger_nothing(card: Card) -> None:
    segment = card.write()
    said = card.hear(2**40, segment.id)
    assert "station hub correct" in said
    last = card.segments.last()
    assert (last.segment if last else 0, card.segments.acked) == (segment.segment, segment.segment)
    assert card.write().segment == 2
