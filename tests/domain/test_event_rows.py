"""Events as rows of the ledger: whole, sealed where they may name somebody, and of every kind there is."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from made import a_moment

from station.domain import event_rows
from station.domain.events import EVENTS, Event
from station.domain.events.incidents import IncidentKind, IncidentOpened, Severity
from station.domain.passage import EntryType, Personal, Row

CORNER = {str: "x; 王", int: 7}


def made(kind: type[Event]) -> Event:
    """An event of a kind with every field filled."""
    return kind(**{field.name: _value(field.type) for field in fields(kind)})


def _value(kind: Any) -> Any:
    if kind == tuple[str, ...]:
        return ("pingyuan", "桥北")
    return CORNER[kind] if kind in CORNER else list(kind)[-1]


def row_of(event: Event, number: int = 1) -> Row:
    return Row(number, number, event_rows.entry_of(event, a_moment(), "1", "0107"), bytes(range(32)))


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.KIND)
def test_every_kind_comes_back_from_its_row_as_it_went_in(kind: type[Event]) -> None:
    event = made(kind)
    (found,) = event_rows.recorded([row_of(event)])
    assert (found.event, found.lane, found.operator, found.seq) == (event, "1", "0107", 1)
    assert found.id == bytes(range(12)).hex()


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.KIND)
def test_a_row_of_an_event_counts_nothing_and_shows_nothing_that_is_sealed(kind: type[Event]) -> None:
    entry = row_of(made(kind)).entry
    assert (entry.type, entry.passages, entry.vehicles, entry.persons) == (EntryType.EVENT, 0, 0, 0)
    assert not kind.SEALED & set(entry.evidence)
    assert set(entry.personal.said) == kind.SEALED
    assert json.dumps(dict(entry.evidence))


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.KIND)
def test_what_goes_up_is_named_field_by_field_and_only_where_there_is_a_topic(kind: type[Event]) -> None:
    names = {field.name for field in fields(kind)}
    assert set(kind.TOLD) <= names
    assert names >= kind.SEALED
    assert bool(kind.TOLD) == (kind.TOPIC is not None)
    (found,) = event_rows.recorded([row_of(made(kind))])
    assert set(found.told()) == set(kind.TOLD)


def test_every_kind_has_a_name_of_its_own() -> None:
    assert len({kind.KIND for kind in EVENTS}) == len(EVENTS)


def test_what_was_sealed_and_is_forgotten_comes_back_empty() -> None:
    row = row_of(IncidentOpened("a1b2", IncidentKind.FEVER, Severity.SERIOUS, "told"))
    (found,) = event_rows.recorded([replace(row, entry=replace(row.entry, personal=Personal()))])
    assert found.event == IncidentOpened("a1b2", IncidentKind.FEVER, Severity.SERIOUS, "")


def test_a_kind_that_only_newer_software_knows_is_passed_over() -> None:
    row = row_of(made(EVENTS[0]))
    of_tomorrow = replace(row.entry, evidence={**row.entry.evidence, "event": "of_tomorrow"})
    assert list(event_rows.recorded([replace(row, entry=of_tomorrow)])) == []
