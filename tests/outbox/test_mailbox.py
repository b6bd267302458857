"""Lists between the connection and the outbox: the newest of each, never more than there is room for."""

from station.domain.lists import LARGEST_LIST
from station.outbox.mailbox import Mailbox
from station.runtime import LIST_SLOTS


def test_a_newer_list_takes_the_place_of_one_that_still_waits() -> None:
    mailbox = Mailbox()
    for topic, payload in (("a", b"1"), ("b", b"1"), ("a", b"2")):
        assert mailbox.put(topic, payload) == ""
    assert [mailbox.take(), mailbox.take(), mailbox.take()] == [("a", b"2"), ("b", b"1"), None]


def test_what_there_is_no_room_for_is_told_and_what_waits_stays() -> None:
    mailbox = Mailbox()
    for number in range(LIST_SLOTS):
        assert mailbox.put(f"list {number}", b"x") == ""
    assert "more than" in mailbox.put("one more", b"x")
    assert mailbox.put("list 0", b"newer") == ""
    assert "at most" in mailbox.put("list 0", bytes(LARGEST_LIST + 1))
    assert mailbox.take() == ("list 0", b"newer")
