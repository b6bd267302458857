"""The team that is due, on a station with a plan: more hands are welcome, and are told."""

from datetime import date, time
from pathlib import Path

import pytest
from shift_rig import ShiftRig

from station.domain.rota import Rota
from station.duty.shifts import NOT_DUE

AT_NOON = {team: Rota(date(2026, 3, 2), (time(8), time(20)), ((team, other),)) for team, other in ("BC", "CB")}


@pytest.fixture
def rig(tmp_path: Path) -> ShiftRig:
    return ShiftRig(tmp_path)


def test_without_a_plan_nobody_is_due_and_nobody_is_told(rig: ShiftRig) -> None:
    rig.badge("1")
    assert (rig.shifts.due, rig.duty()["notice"]["reasons"]) == (None, [])


def test_the_team_that_is_due_is_on_its_way_in_without_a_word(rig: ShiftRig) -> None:
    rig.rota = AT_NOON["B"]
    rig.badge("1")
    due = rig.shifts.due
    assert due is not None
    assert (due.team, due.on, due.missing) == ("B", ("王** 0107",), ("李** 0108", "张** 0109"))
    assert rig.duty()["notice"]["reasons"] == []


def test_somebody_of_another_team_is_signed_on_and_told(rig: ShiftRig) -> None:
    rig.rota = AT_NOON["C"]
    rig.badge("1")
    assert (rig.numbers(), rig.duty()["lanes"]["1"]) == (["0107"], "0107")
    assert (rig.duty()["notice"]["what"], rig.duty()["notice"]["reasons"]) == ("signed_on", [NOT_DUE])
    rig.shifts.sign_on("0108", "1357", ("2",))
    assert rig.numbers() == ["0107", "0108"]


def test_while_the_time_is_not_known_nobody_is_due(rig: ShiftRig) -> None:
    rig.rota = AT_NOON["C"]
    rig.clock.trusted = False
    rig.badge("1")
    assert (rig.shifts.due, rig.duty()["notice"]["reasons"]) == (None, [])
