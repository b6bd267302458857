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
from station.outbox.segments import EPOCH_SHARED, IN_FLIGHT, RESEND_AFTER, SegmentWindow


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
    card.window.reopen(card.segments.epoch, 2)
    said: list[Segment] = []
    while card.segments.acked < third.segment:
        said += card.offer()
        card.hear(third.segment, *(segment.id for segment in said))
    assert [segment.segment for segment in said] == list(range(2, third.segment + 1))


def test_an_acknowledgement_is_believed_only_for_what_was_sent_from_here(card: Card) -> None:
    card.widen()
    first, second = card.write(), card.write()
    begun = card.segments.acked
    card.hear(second.segment)
    card.window.acknowledged(Ack(first.epoch + 1, second.segment, segments=(first.id, second.id)), card.now)
    assert card.segments.acked == begun
    card.hear(second.segment, first.id, second.id)
    assert card.segments.acked == second.segment


def test_a_hub_that_names_no_ids_and_a_number_never_sent_is_not_believed(card: Card) -> None:
    card.write()
    epoch = card.segments.epoch
    assert card.window.acknowledged(Ack(epoch, 9), card.now) == EPOCH_SHARED
    assert card.segments.acked == 0
    assert card.segments.epoch != epoch


def test_an_old_card_counts_apart_and_takes_no_acknowledgement_of_the_lost_ones_for_its_own(
    card: Card, tmp_path: Path
) -> None:
    first = card.write()
    card.hear(1, first.id)
    shutil.copytree(card.folder, tmp_path / "copy")
    lost_with_the_card = card.write()
    card.hear(2, lost_with_the_card.id)

    old = Card(tmp_path / "copy")
    second = old.write()
    assert (second.epoch != lost_with_the_card.epoch, second.segment) == (True, 1)
    assert [tally.passages for tally in second.tallies] == [1]
    lost = Ack(lost_with_the_card.epoch, 2, segments=(lost_with_the_card.id,))
    assert old.window.acknowledged(lost, old.now) == ""
    assert old.segments.acked == 1
    old.hear(1, second.id)
    assert old.segments.acked == 2
    old.close()


@pytest.mark.parametrize("given", [{"epoch_shared": True}, {"segment": 9}, {"segments": ("1-another",)}])
def test_what_shows_another_copy_begins_an_epoch_and_nothing_is_taken_for_stored(card: Card, given: dict) -> None:
    first = card.write()
    card.lane.scan(a_pass())
    told = {"segment": 0, "segments": ()} | given
    assert card.window.acknowledged(Ack(first.epoch, **told), card.now) == EPOCH_SHARED
    assert card.segments.acked == 0
    card.hear(0)
    card.window.acknowledged(Ack(first.epoch, 9, segments=(first.id,)), card.now)
    (second,) = card.offer()
    assert (second.epoch, second.segment, second.from_seq) == (card.segments.epoch, 1, 2)
    assert second.epoch != first.epoch


def test_a_number_that_no_card_can_have_sent_costs_the_ledger_one_epoch(card: Card) -> None:
    segment = card.write()
    assert card.hear(2**40, segment.id) == EPOCH_SHARED
    last = card.segments.last()
    assert (last.segment if last else 0, card.segments.acked) == (1, 1)
    assert card.write().segment == 1
    assert len(card.segments.epochs()) == 2
