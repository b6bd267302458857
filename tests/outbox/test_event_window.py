"""The window over incidents and receipts, without a broker: what is said when, and when the cursor moves."""

from pathlib import Path

import pytest
from lanes import ZONE
from made import a_moment

from station.domain.event_rows import entry_of
from station.domain.events.orders import OrderShown
from station.ledger import Events, Ledger
from station.messages import EventNotice, decode_event, encode
from station.outbox.events import FIRST_RESEND, LONGEST_RESEND, LOOK_EVERY, WINDOW, EventWindow


class Rig:
    def __init__(self, folder: Path) -> None:
        self.ledger = Ledger(folder, ZONE)
        self.events = Events(self.ledger)
        self.window = EventWindow(self.events, lambda row: 7)
        self.said: list[EventNotice] = []
        self.now = 0.0

    def happen(self, *numbers: int) -> None:
        for number in numbers:
            self.ledger.append(entry_of(OrderShown(f"order-{number}"), a_moment(number)))

    def after(self, seconds: float = LOOK_EVERY) -> list[int]:
        """Rows that are said once so much time has gone by."""
        self.now += seconds
        self.said.clear()
        self.window.offer(self.now, lambda topic, notice: self.said.append(notice))
        return [notice.row for notice in self.said]

    def ids(self, *rows: int) -> list[str]:
        return [row.id for row in self.events.waiting(100) if row.seq in rows]


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def test_a_notice_says_what_happened_and_survives_the_wire(rig: Rig) -> None:
    rig.happen(1)
    rig.after()
    (notice,) = rig.said
    assert (notice.epoch, notice.row, notice.event, notice.said) == (7, 1, "order_shown", {"order": "order-1"})
    assert decode_event(encode(notice)) == notice


def test_no_more_than_the_window_is_under_way(rig: Rig) -> None:
    rig.happen(*range(WINDOW + 5))
    assert rig.after() == list(range(1, WINDOW + 1))
    rig.window.acknowledged(rig.ids(1, 2))
    assert rig.after() == [WINDOW + 1, WINDOW + 2]


def test_the_cursor_passes_only_what_the_hub_has_without_a_gap(rig: Rig) -> None:
    rig.happen(1, 2, 3)
    rig.after()
    rig.window.acknowledged(rig.ids(2, 3))
    assert rig.window.acked == 0
    rig.window.acknowledged(rig.ids(1))
    assert rig.window.acked == 3


def test_what_is_not_acknowledged_is_said_again_ever_more_seldom(rig: Rig) -> None:
    rig.happen(1)
    assert rig.after() == [1]
    wait = FIRST_RESEND
    for _ in range(8):
        assert rig.after(wait - LOOK_EVERY) == []
        assert rig.after() == [1]
        wait = min(2 * wait, LONGEST_RESEND)


def test_on_a_new_connection_all_that_is_under_way_is_said_at_once_but_not_what_the_hub_has(rig: Rig) -> None:
    rig.happen(1, 2, 3)
    rig.after()
    rig.window.acknowledged(rig.ids(2))
    rig.window.begin()
    assert rig.after() == [1, 3]


def test_a_restart_goes_on_behind_what_was_acknowledged(rig: Rig) -> None:
    rig.happen(1, 2, 3)
    rig.after()
    rig.window.acknowledged(rig.ids(1, 3))
    rig.window = EventWindow(rig.events, lambda row: 7)
    assert rig.after() == [2, 3]


def test_a_hub_that_lost_events_hears_them_again(rig: Rig) -> None:
    rig.happen(*range(WINDOW + 4))
    while rig.after():
        rig.window.acknowledged([notice.id for notice in rig.said])
    rig.window.reopen(WINDOW + 1)
    assert rig.after() == list(range(2, WINDOW + 2))


def test_an_acknowledgement_of_strange_ids_moves_nothing(rig: Rig) -> None:
    rig.happen(1)
    rig.after()
    rig.window.acknowledged(["ffff"])
    assert (rig.window.acked, rig.after()) == (0, [])
