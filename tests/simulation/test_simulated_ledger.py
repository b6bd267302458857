from station.messages import LARGEST_SEGMENT, encode
from station.simulation.ledger import MOST_KEYS, Key, SimulatedLedger


def key(minute: int, outcome: str = "granted") -> Key:
    return Key("1", f"2026-03-01T{minute // 60:02}:{minute % 60:02}Z", "car", "unknown", outcome)


def a_ledger(rows: int) -> SimulatedLedger:
    ledger = SimulatedLedger(epoch=1, life="a")
    for minute in range(rows):
        ledger.write(key(minute), 1, 1, 2)
    return ledger


def test_a_segment_states_totals_as_they_stand_when_it_is_sent() -> None:
    ledger = a_ledger(1)
    assert ledger.cut()
    ledger.touch(key(0), -1, -1, -2)
    ledger.write(key(0, "denied"), 1, 1, 2)
    (tally,) = ledger.segment(1).tallies
    assert (tally.passages, tally.version) == (0, 2)


def test_segments_cover_every_row_without_gaps() -> None:
    ledger = a_ledger(1000)
    while ledger.cut():
        pass
    segments = [ledger.segment(number) for number in range(1, ledger.last + 1)]
    assert [segment.from_seq for segment in segments] == [1, *(segment.through_seq + 1 for segment in segments[:-1])]
    assert segments[-1].through_seq == 1000


def test_the_longest_segment_fits_into_a_message() -> None:
    ledger = SimulatedLedger(epoch=2**63, life="0123abcd")
    for minute in range(MOST_KEYS):
        longest = Key("4", f"boot:0123abcd+{minute + 10**6}", "motorcycle", "other_province", "granted")
        ledger.write(longest, 10**6, 10**6, 10**6)
    assert ledger.cut()
    assert len(encode(ledger.segment(1))) <= LARGEST_SEGMENT


def test_rows_are_unacknowledged_until_the_hub_says_otherwise_and_again_when_it_asks() -> None:
    ledger = a_ledger(MOST_KEYS + 5)
    assert ledger.unacknowledged == MOST_KEYS + 5
    assert ledger.cut()
    ledger.acknowledge(1, [ledger.segment(1).id])
    assert ledger.unacknowledged == 5
    assert ledger.cut()
    ledger.acknowledge(2, [ledger.segment(2).id])
    assert ledger.unacknowledged == 0
    ledger.reopen(2)
    assert ledger.unacknowledged == 5


def test_an_old_copy_numbers_what_the_hub_lacks_after_what_it_has() -> None:
    ledger = a_ledger(MOST_KEYS + 5)
    assert ledger.cut()
    ledger.acknowledge(1, [ledger.segment(1).id])
    assert ledger.cut()
    assert ledger.acknowledge(9, [])
    assert ledger.unacknowledged == 5
    assert ledger.segment(10).from_seq == MOST_KEYS + 1


def test_a_number_is_nothing_without_the_segments_id_and_what_is_stored_early_counts_once_the_gap_is_closed() -> None:
    ledger, before = a_ledger(2 * MOST_KEYS), a_ledger(2 * MOST_KEYS)
    before.life = "b"
    for each in (ledger, before):
        each.write(key(2 * MOST_KEYS), 1, 1, 2)
        while each.cut():
            pass
    ledger.acknowledge(3, [before.segment(3).id])
    assert not any(map(ledger.has_stored, (1, 2, 3)))
    ledger.acknowledge(3, [ledger.segment(number).id for number in (1, 3)])
    assert (ledger.acked, ledger.has_stored(3)) == (1, True)
    ledger.acknowledge(3, [ledger.segment(2).id])
    assert (ledger.acked, ledger.unacknowledged) == (3, 0)
