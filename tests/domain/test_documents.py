"""Numbers that name a person: what can be right, and how they are shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.documents import NoIdNumber, NoPhone, masked, read_id_number, read_phone

GENUINE = "11010519491231002X"  # the example of GB 11643-1999


TYPED = (GENUINE, GENUINE.lower(), " 110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ")


@pytest.mark.parametrize("typed", TYPED)
def test_an_identity_number_is_read_as_people_type_it(typed: str) -> None:
    assert read_id_number(typed) == GENUINE


@given(st.integers(0, 16), st.integers(1, 9))
def test_any_one_digit_wrong_is_found(place: int, step: int) -> None:
    wrong = str((int(GENUINE[place]) + step) % 10)
    with pytest.raises(NoIdNumber):
        read_id_number(GENUINE[:place] + wrong + GENUINE[place + 1 :])


@pytest.mark.parametrize("typed", ["", "110105194912310021", "11010519491331002X", "1101051949123100", "abc"])
def test_what_has_no_such_form_date_or_check_digit_is_none(typed: str) -> None:
    with pytest.raises(NoIdNumber):
        read_id_number(typed)


def test_a_phone_number_has_seven_to_fifteen_digits() -> None:
    assert read_phone("+86 138-0013-8000") == "+8613800138000"
    for typed in ("123456", "call me", "1" * 16):
        with pytest.raises(NoPhone):
            read_phone(typed)


def test_masked_numbers_keep_their_ends_and_short_ones_nothing() -> None:
    assert (masked(GENUINE), masked("12345")) == ("110*************2X", "*****")
