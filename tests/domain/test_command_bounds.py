"""A command that exists can be carried out or refused: what no ledger holds is refused where the command is made."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lanes import LaneRig

from station.domain.bounds import MAX_ROW
from station.domain.by_hand import Told
from station.domain.commands import Command, Decide, Refused, Register, SetAside, TakeUp, TickMust, Undo, UntickMust
from station.domain.decision import Outcome
from station.domain.passes import Must

ROWS = st.integers(-MAX_ROW, MAX_ROW) | st.sampled_from((1, -1, MAX_ROW, -MAX_ROW))
BEYOND = st.integers(min_value=MAX_ROW + 1) | st.integers(max_value=-MAX_ROW - 1)
WORDS = st.text(st.characters(exclude_categories=["C"]), max_size=20)
OF_A_PASSAGE = (Undo, SetAside, TakeUp)
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(Decide, st.sampled_from(Outcome), ROWS, st.none() | ROWS, WORDS),
    *(st.builds(kind, ROWS, ROWS, WORDS) for kind in OF_A_PASSAGE),
    *(st.builds(kind, ROWS, ROWS, st.sampled_from(Must), WORDS) for kind in (TickMust, UntickMust)),
    st.builds(Register, st.sampled_from(Outcome), st.builds(Told, WORDS, persons=st.integers(1, 99)), WORDS, WORDS),
)


@given(BEYOND)
def test_a_command_with_a_number_that_no_row_has_cannot_be_made(number: int) -> None:
    for kind in OF_A_PASSAGE:
        with pytest.raises(ValueError, match="passage is beyond"):
            kind(number, 1)
        with pytest.raises(ValueError, match="row is beyond"):
            kind(1, number)
    with pytest.raises(ValueError, match="passage is beyond"):
        Decide(Outcome.GRANTED, number)
    with pytest.raises(ValueError, match="row is beyond"):
        replace(TickMust(1, 1, Must.TEST), row=number)


@pytest.mark.parametrize("text", ["\ud800", "a\0b", "x" * 100])
def test_a_command_with_text_that_no_store_holds_cannot_be_made(text: str) -> None:
    for make in (lambda: Undo(1, 1, text), lambda: Register(Outcome.HELD, form=text), lambda: Told(destination=text)):
        with pytest.raises(ValueError, match="without control characters"):
            make()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(COMMANDS)
def test_every_command_that_can_be_made_is_carried_out_or_refused(rig: LaneRig, command: Command) -> None:
    with suppress(Refused):
        rig.ask(command)
    rig.lane.step()


@pytest.fixture
def rig(tmp_path: Path) -> LaneRig:
    return LaneRig(tmp_path)
