"""The registry of boards and what is counted of each."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hub_messages import NOW
from storage import Storage

from station.domain.boards import Board, BoardKind, board_number
from station.hub.board_counts import KEPT, BoardCounts
from station.hub.boards import Boards, register
from station.hub.database import Database

ZONE = ZoneInfo("Asia/Shanghai")
ROAD = Board(board_number(1001), BoardKind.ROAD, "north", "1", "桥北 200 米")
BUS = Board(board_number(1002), BoardKind.BUS, plate="豫G51234", seats=45)


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def boards(database: Database, clock: Clock) -> Boards:
    register(database, [ROAD, BUS])
    return Boards(database, ZONE, clock)


@pytest.fixture
def counts(database: Database, clock: Clock) -> BoardCounts:
    return BoardCounts(database, ZONE, clock, clock)


def used(boards: Boards, board: Board) -> tuple[int, int]:
    (row,) = (row for row in boards.today() if row.number == board.number)
    return row.scans, row.declarations


def test_a_registered_board_is_found_as_it_was_registered(boards: Boards) -> None:
    assert boards.find(ROAD.number) == ROAD
    assert boards.find(BUS.number) == BUS


@pytest.mark.parametrize("number", ["", "x", "10000", "1" * 40, board_number(1009)])
def test_a_mistyped_or_unknown_number_is_no_board(boards: Boards, number: str) -> None:
    assert boards.find(number) is None


def test_registering_again_changes_the_board_and_keeps_its_counts(
    database: Database, boards: Boards, counts: BoardCounts
) -> None:
    counts.scanned(ROAD.number)
    counts.flush()
    moved = Board(ROAD.number, BoardKind.ROAD, "north", "2", "桥北 1 公里")
    register(database, [moved])
    assert boards.find(ROAD.number) == moved
    assert used(boards, ROAD) == (1, 0)


def test_scans_and_declarations_of_a_board_are_summed(boards: Boards, counts: BoardCounts) -> None:
    for _ in range(2):
        counts.scanned(ROAD.number)
        counts.scanned(ROAD.number)
        counts.declared(ROAD.number)
        counts.flush()
    counts.flush()
    assert used(boards, ROAD) == (4, 2)
    assert used(boards, BUS) == (0, 0)


def test_a_new_local_day_begins_at_nought_and_old_days_are_forgotten(
    database: Database, boards: Boards, counts: BoardCounts, clock: Clock
) -> None:
    counts.scanned(ROAD.number)
    counts.flush()
    clock.at += timedelta(days=1)
    assert used(boards, ROAD) == (0, 0)
    clock.at += KEPT
    counts.scanned(ROAD.number)
    counts.flush()
    with database.transaction() as connection:
        assert connection.execute("select count(*) as n from board_days").fetchone()["n"] == 1


def test_a_store_that_takes_nothing_loses_no_count(storage: Storage, boards: Boards, counts: BoardCounts) -> None:
    counts.scanned(ROAD.number)
    storage.refuse()
    counts.flush()
    counts.scanned(ROAD.number)
    storage.relent()
    counts.flush()
    assert used(boards, ROAD) == (2, 0)


def test_a_flood_of_scans_leaves_one_row(database: Database, boards: Boards, counts: BoardCounts) -> None:
    for _ in range(2):
        for _ in range(100_000):
            counts.scanned(ROAD.number)
        counts.flush()
    assert used(boards, ROAD) == (200_000, 0)
    with database.reading() as connection:
        assert connection.execute("select count(*) as n from board_days").fetchone()["n"] == 1
