"""Whoever has no code, registered with all that the page asks: what is written, what counts, what an undo leaves."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from lanes import LaneRig, cut

from station.domain.by_hand import Told
from station.domain.commands import Decide, Register, Undo
from station.domain.decision import Outcome
from station.domain.origin import THIS_PROVINCE
from station.domain.passes import Must, TrafficKind
from station.domain.situation import LaneKind
from station.ledger import Segments

ID, PHONE = "11010519491231002X", "13800138000"
A_BUS = Told("豫A12345", TrafficKind.BUS, 43, THIS_PROVINCE, "县医院", frozenset({Must.IDENTITY, Must.TEST}), ID, PHONE)


def test_a_bus_counts_with_its_persons_kind_and_origin(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    view = rig.ask(Register(Outcome.GRANTED, A_BUS))
    counts = rig.view()["counts"]
    assert (counts["granted"], counts["vehicles"], counts["persons"]) == (1, 1, 43)
    segments = Segments(rig.ledger)
    (tally,) = segments.tallies(cut(segments))
    assert (tally.key.kind, tally.key.origin, tally.persons, tally.vehicles) == ("bus", "this_province", 43, 1)
    assert (view.plate, view.traffic, view.party) == ("豫A12345", "bus", 43)
    assert view.musts == {"identity": "operator", "test": "operator"}


def test_an_undo_counts_nobody_and_deciding_again_counts_all_of_them(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    view = rig.ask(Register(Outcome.GRANTED, A_BUS))
    undone = rig.ask(Undo(view.id, view.row))
    assert (rig.view()["counts"]["persons"], rig.view()["counts"]["vehicles"]) == (0, 0)
    rig.ask(Decide(Outcome.HELD, undone.id, undone.row))
    counts = rig.view()["counts"]
    assert (counts["held"], counts["persons"], counts["vehicles"]) == (1, 43, 1)


def test_a_form_sent_twice_registers_once(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    first = rig.ask(Register(Outcome.GRANTED, A_BUS, "form-1"))
    again = rig.ask(Register(Outcome.DENIED, A_BUS, "form-1"))
    assert (again.id, again.outcome, rig.view()["counts"]["vehicles"]) == (first.id, "granted", 1)
    assert list(rig.gate.shown) == [Outcome.GRANTED]
    assert rig.ask(Register(Outcome.GRANTED, A_BUS, "form-2")).id != first.id


def test_numbers_of_a_person_are_masked_on_the_screen_and_sealed_on_the_disk(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    view = rig.ask(Register(Outcome.GRANTED, A_BUS))
    assert view.said == {
        "by_hand.destination": "县医院",
        "by_hand.id_number": "110*************2X",
        "by_hand.phone": "138******00",
    }
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as other, other:
        (record,) = other.execute("SELECT * FROM ledger").fetchall()
    plain = json.dumps([value for value in record if not isinstance(value, bytes)], ensure_ascii=False)
    assert not any(told in plain for told in (ID, PHONE, "县医院", "豫A12345"))
    assert not any(told.encode() in (tmp_path / "ledger.db-wal").read_bytes() for told in (ID, PHONE, "豫A12345"))


def test_persons_on_foot_are_persons_and_no_vehicle(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, kind=LaneKind.PERSON)
    rig.ask(Register(Outcome.GRANTED, Told(persons=3)))
    counts = rig.view()["counts"]
    assert (counts["vehicles"], counts["persons"]) == (0, 3)
