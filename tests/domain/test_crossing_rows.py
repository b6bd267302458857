"""Facts of reconciliation written down and read back."""

import pytest
from made import a_moment

from station.domain.crossing_rows import account_of, entry_of, history_of
from station.domain.crossings import Absence, Account, Crossing, Expired, Fact, Heading
from station.domain.passage import Row
from station.domain.situation import LaneKind

NOW = a_moment(50.0)
FACTS: list[Fact] = [
    *(Crossing(account, None, NOW.monotonic - 3.25, NOW.monotonic - 1.5, Heading.FORWARD) for account in Account),
    Crossing(Account.MATCHED, 7, NOW.monotonic - 3.25, NOW.monotonic - 1.5, Heading.UNKNOWN),
    *(Expired(7, 2, absence, NOW.monotonic) for absence in Absence),
]


@pytest.mark.parametrize("fact", FACTS, ids=str)
def test_a_fact_is_read_back_as_it_was_written(fact: Fact) -> None:
    entry = entry_of(fact, "1", LaneKind.VEHICLE, NOW)
    assert list(history_of([Row(1, 1, entry, b"")], LaneKind.VEHICLE, a_moment(80.0))) == [fact]


def test_a_fact_of_an_earlier_boot_is_as_long_ago_as_the_wall_clock_says() -> None:
    fact = Crossing(Account.MATCHED, 7, NOW.monotonic - 3.0, NOW.monotonic - 1.0, Heading.UNKNOWN)
    row = Row(1, 1, entry_of(fact, "1", LaneKind.VEHICLE, NOW), b"")
    after = a_moment(80.0, boot="boot0002")  # 30 s later by the wall clock
    (read,) = history_of([row], LaneKind.VEHICLE, after)
    assert isinstance(read, Crossing)
    assert (after.monotonic - read.began, after.monotonic - read.ended) == (33.0, 31.0)


@pytest.mark.parametrize("fact", FACTS, ids=str)
def test_only_what_crossed_without_a_decision_is_held_and_what_was_not_seen_has_no_account(fact: Fact) -> None:
    entry = entry_of(fact, "1", LaneKind.PERSON, NOW)
    account = account_of(entry)
    assert account == (fact.account if isinstance(fact, Crossing) else None)
    assert (entry.key.outcome == "held") is (account is not None and account.without_decision)
    assert (entry.key.kind, entry.passages, entry.vehicles, entry.persons) == ("person", 0, 0, 0)
