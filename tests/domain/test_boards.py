import pytest

from station.domain.boards import FIRST_SERIAL, LAST_SERIAL, Board, BoardKind, board_number, is_board_number

SERIALS = [FIRST_SERIAL, 1001, 4711, 12345, 314159, LAST_SERIAL]


def test_the_check_digit_is_damms() -> None:
    """His own example: 572 takes the digit 4, and digits that end with their own check digit take 0."""
    assert board_number(5724) == "57240"


@pytest.mark.parametrize("serial", SERIALS)
def test_a_number_with_one_digit_wrong_is_none(serial: int) -> None:
    number = board_number(serial)
    assert is_board_number(number)
    for place, right in enumerate(number):
        for wrong in set("0123456789") - {right}:
            assert not is_board_number(number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize("serial", SERIALS)
def test_a_number_with_two_neighbours_swapped_is_none(serial: int) -> None:
    number = board_number(serial)
    for place in range(len(number) - 1):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert swapped == number or not is_board_number(swapped)


def test_every_serial_has_its_own_number() -> None:
    numbers = [board_number(serial) for serial in range(FIRST_SERIAL, FIRST_SERIAL + 5000)]
    assert len(set(numbers)) == 5000
    assert all(map(is_board_number, numbers))


@pytest.mark.parametrize("text", ["", "0", "00000", "01000", "1000", "１０００８", "10008 ", "10008\n", "100000000000"])
def test_what_is_no_number_at_all_is_none(text: str) -> None:
    assert not is_board_number(text)


@pytest.mark.parametrize("serial", [-1, 0, FIRST_SERIAL - 1, LAST_SERIAL + 1])
def test_a_serial_outside_the_range_has_no_number(serial: int) -> None:
    with pytest.raises(ValueError, match="is not within"):
        board_number(serial)


def test_a_boards_path_tells_the_road_from_the_bus() -> None:
    assert Board("10008", BoardKind.ROAD).path == "b/10008"
    assert Board("10008", BoardKind.BUS).path == "v/10008"
