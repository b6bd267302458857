from itertools import islice, takewhile

from station.simulation.traffic import rows


def test_the_same_seed_brings_the_same_passages_and_another_seed_others() -> None:
    first, same, other = (list(islice(rows(seed, 4, 2.0, 0.0), 200)) for seed in ("1 7", "1 7", "1 8"))
    assert first == same
    assert first != other


def test_there_is_one_passage_in_every_slot_and_rows_come_in_the_order_of_time() -> None:
    found = list(takewhile(lambda row: row.at < 600, rows("1 1", 4, 3.0, -300.0)))
    firsts = [row for row in found if row.before is None]
    assert [int((row.at + 300) // 3) for row in firsts] == list(range(300))
    assert [row.at for row in found] == sorted(row.at for row in found)


def test_a_passage_is_decided_again_when_it_says_so_and_to_something_else() -> None:
    found = list(takewhile(lambda row: row.at < 3000, rows("1 1", 2, 3.0, 0.0)))
    announced = {row.passage: row.outcome for row in found if row.again and row.at < 2900}
    again = {row.passage: row for row in found if row.before is not None}
    assert announced
    assert all(again[passage].before is outcome for passage, outcome in announced.items())
    assert all(row.outcome is not row.before for row in again.values())
