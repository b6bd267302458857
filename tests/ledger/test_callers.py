"""Regular callers: found by how a plate begins, for as long as the ledger may know it, and no longer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from lanes import LaneRig

from station.domain.by_hand import Told
from station.domain.commands import Decide, Register, Undo
from station.domain.decision import Outcome
from station.domain.origin import THIS_PROVINCE
from station.domain.passes import TrafficKind
from station.ledger import Callers

DAY = 86400.0
MILK = Told("豫A12345", TrafficKind.TRUCK, 2, THIS_PROVINCE, "物流园")


@pytest.fixture
def rig(tmp_path: Path) -> LaneRig:
    return LaneRig(tmp_path)


@pytest.fixture
def callers(rig: LaneRig) -> Iterator[Callers]:
    found = Callers(rig.ledger, 7)
    yield found
    found.close()


def came(rig: LaneRig, told: Told, times: int = 1) -> None:
    for _ in range(times):
        rig.ask(Register(Outcome.GRANTED, told))


def test_who_came_twice_is_found_with_what_was_said_last(rig: LaneRig, callers: Callers) -> None:
    came(rig, MILK, 3)
    came(rig, Told("豫A12399"), 2)
    came(rig, Told("豫A1ONCE"))
    found = callers.beginning_with("豫A1", rig.clock.now())
    assert [(caller.plate, caller.visits) for caller in found] == [("豫A12345", 3), ("豫A12399", 2)]
    assert (found[0].traffic, found[0].persons, found[0].origin, found[0].destination) == (
        "truck",
        2,
        "this_province",
        "物流园",
    )
    assert callers.beginning_with("豫B", rig.clock.now()) == []
    assert callers.beginning_with("", rig.clock.now()) == []


def test_rows_added_since_are_seen_and_several_rows_of_one_passage_are_one_visit(
    rig: LaneRig, callers: Callers
) -> None:
    came(rig, MILK)
    assert callers.beginning_with("豫A", rig.clock.now()) == []
    view = rig.ask(Register(Outcome.HELD, MILK))
    rig.ask(Decide(Outcome.GRANTED, view.id, view.row))
    assert callers.beginning_with("豫A", rig.clock.now())[0].visits == 2


def test_days_that_are_over_are_forgotten_in_memory_too(rig: LaneRig, callers: Callers) -> None:
    came(rig, MILK, 2)
    assert callers.beginning_with("豫A", rig.clock.now())
    rig.clock.seconds += 8 * DAY
    assert callers.beginning_with("豫A", rig.clock.now()) == []


def test_what_the_ledger_has_forgotten_nobody_is_offered(rig: LaneRig) -> None:
    came(rig, MILK, 2)
    rig.clock.seconds += 3 * DAY
    rig.ledger.sealer.forget(rig.clock.now().utc.date(), 1)
    later = Callers(rig.ledger, 7)
    assert later.beginning_with("豫A", rig.clock.now()) == []
    later.close()


def test_a_registration_taken_back_is_no_visit(rig: LaneRig, callers: Callers) -> None:
    came(rig, MILK)
    view = rig.ask(Register(Outcome.GRANTED, MILK))
    rig.ask(Undo(view.id, view.row))
    assert callers.beginning_with("豫A", rig.clock.now()) == []


def test_a_station_that_remembers_nobody_offers_nobody(rig: LaneRig) -> None:
    came(rig, MILK, 2)
    nobody = Callers(rig.ledger, 0)
    assert nobody.beginning_with("豫A", rig.clock.now()) == []
    nobody.close()
