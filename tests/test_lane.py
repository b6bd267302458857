"""The way of a scan, on a real ledger."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from certificates import an_hcert
from lanes import HandClock, LaneRig, Sensor
from made import NOON, a_pass

from station.domain.commands import Decide, Refusal, Refused, Register, Undo
from station.domain.decision import Outcome
from station.domain.lists import ListHit
from station.domain.passage import Entry, EntryType, Row
from station.domain.passes import Scope, TrafficKind
from station.domain.reasons import Reason
from station.domain.situation import LaneKind, Mode
from station.ledger import Ledger
from station.passes import TrustList

GRANTED, HELD, DENIED = Outcome.GRANTED, Outcome.HELD, Outcome.DENIED


def test_a_good_pass_is_written_and_only_then_the_gate_opens(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    on_disk_when_moved: list[int] = []
    show = rig.gate.show

    def look_first(outcome: Outcome) -> None:
        with closing(sqlite3.connect(tmp_path / "ledger.db")) as other, other:
            on_disk_when_moved.append(other.execute("SELECT count(*) FROM ledger").fetchone()[0])
        show(outcome)

    rig.gate.show = look_first  # type: ignore[method-assign]
    row = rig.scan(a_pass(party=3, traffic=TrafficKind.BUS, origin="110105"))
    assert (row.entry.key.outcome, row.entry.key.kind, row.entry.key.origin) == (GRANTED, "bus", "risk_area")
    assert (row.entry.persons, row.entry.vehicles) == (3, 1)
    assert on_disk_when_moved == [1]
    assert list(rig.gate.shown) == [GRANTED]


def test_the_screen_gets_what_was_decided_and_the_counts(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.scan(a_pass())
    rig.scan("a stranger's code")
    view = rig.view()
    assert view["passage"]["outcome"] == "held"
    assert view["passage"]["text"] == "a stranger's code"
    assert (view["counts"]["granted"], view["counts"]["held"], view["counts"]["vehicles"]) == (1, 1, 2)


def test_a_person_on_foot_counts_as_a_person_and_no_vehicle(tmp_path: Path) -> None:
    row = LaneRig(tmp_path, kind=LaneKind.PERSON).scan(a_pass(traffic=TrafficKind.CAR))
    assert (row.entry.key.kind, row.entry.vehicles) == (TrafficKind.PERSON, 0)


def test_one_pass_at_two_lanes_within_minutes_is_held_as_a_possible_copy(tmp_path: Path) -> None:
    first = LaneRig(tmp_path)
    second = LaneRig(tmp_path, lane_id="2", clock=first.clock, ledger=first.ledger)
    shown = a_pass()
    assert first.scan(shown).entry.key.outcome is GRANTED
    first.clock.seconds += 60
    row = second.scan(shown)
    assert (row.entry.key.outcome, row.entry.reasons) == (HELD, (Reason.POSSIBLE_COPY,))
    first.clock.seconds += 601
    assert second.scan(a_pass(id=shown.id)).entry.key.outcome is GRANTED


def test_a_code_shown_again_before_anybody_let_it_through_is_the_same_passage(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, sensor=Sensor(38.2))
    shown = a_pass()
    first = rig.scan(shown)
    rig.clock.seconds += 10
    rig.sensor.celsius = 36.6
    again = rig.scan(shown)
    assert (first.entry.key.outcome, again.entry.key.outcome) == (HELD, GRANTED)
    assert again.passage == first.passage
    assert rig.view()["counts"]["vehicles"] == 1


def test_what_the_operator_denied_is_not_opened_by_showing_the_code_again(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    held = rig.scan(a_pass(musts={}))
    rig.ask(Decide(DENIED, held.passage, held.seq))
    rig.clock.seconds += 10
    again = rig.scan(a_pass(id=held.entry.pass_id))
    assert again.entry.key.outcome is DENIED
    assert again.passage == held.passage


def test_on_an_attended_lane_the_operators_tap_opens(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, mode=Mode.ATTENDED)
    row = rig.scan(a_pass())
    assert (row.entry.key.outcome, list(rig.gate.shown)) == (HELD, [HELD])
    view = rig.ask(Decide(GRANTED, row.passage, row.seq, "team 3"))
    assert (view.outcome, view.by_operator) == ("granted", True)
    counts = rig.view()["counts"]
    assert (counts["granted"], counts["held"], counts["vehicles"], counts["persons"]) == (1, 0, 1, 2)


def test_a_second_tap_on_what_has_changed_is_refused(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, mode=Mode.ATTENDED)
    row = rig.scan(a_pass())
    rig.ask(Decide(GRANTED, row.passage, row.seq))
    with pytest.raises(Refused) as refused:
        rig.ask(Decide(DENIED, row.passage, row.seq))
    assert refused.value.why is Refusal.CHANGED_MEANWHILE
    assert list(rig.gate.shown) == [HELD, GRANTED]


def test_undo_within_thirty_seconds_restores_what_stood_before(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    row = rig.scan(a_pass(expires=NOON - timedelta(hours=1)))
    granted = rig.ask(Decide(GRANTED, row.passage, row.seq))
    rig.clock.seconds += 29
    undone = rig.ask(Undo(granted.id, granted.row))
    assert (undone.outcome, "undone" in undone.reasons) == ("denied", True)
    assert list(rig.gate.shown) == [DENIED, GRANTED, DENIED]


@pytest.mark.parametrize(("later", "why"), [(31, Refusal.TOO_LATE)])
def test_undo_after_thirty_seconds_is_too_late(tmp_path: Path, later: float, why: Refusal) -> None:
    rig = LaneRig(tmp_path)
    granted = rig.ask(Register(GRANTED))
    rig.clock.seconds += later
    with pytest.raises(Refused) as refused:
        rig.ask(Undo(granted.id, granted.row))
    assert refused.value.why is why


def test_a_registration_by_hand_that_is_taken_back_counts_nothing(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    by_hand = rig.ask(Register(GRANTED))
    assert (by_hand.reasons, rig.view()["counts"]["granted"]) == (("by_operator", "without_code"), 1)
    rig.ask(Undo(by_hand.id, by_hand.row))
    counts = rig.view()["counts"]
    assert (counts["granted"], counts["held"], counts["vehicles"], counts["persons"]) == (0, 0, 0, 0)


def test_a_registration_that_was_taken_back_counts_again_once_it_is_decided_on(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    by_hand = rig.ask(Register(HELD))
    undone = rig.ask(Undo(by_hand.id, by_hand.row))
    granted = rig.ask(Decide(GRANTED, undone.id, undone.row))
    counts = rig.view()["counts"]
    assert (counts["granted"], counts["vehicles"], counts["persons"]) == (1, 1, 1)
    rig.ask(Undo(granted.id, granted.row))
    counts = rig.view()["counts"]
    assert (counts["granted"], counts["held"], counts["vehicles"], counts["persons"]) == (0, 0, 0, 0)


def test_a_thermometer_that_is_lost_holds_and_says_so(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, sensor=Sensor(None))
    row = rig.scan(a_pass())
    assert Reason.THERMOMETER_LOST in row.entry.reasons
    assert rig.view()["faults"] == ("thermometer_lost",)


@pytest.fixture
def full_disk() -> Callable[[Ledger, bool], None]:
    """Really fill the database: SQLite may not take one page more."""

    def fill(ledger: Ledger, full: bool) -> None:
        pages = ledger._connection.execute("PRAGMA page_count").fetchone()[0]
        ledger._connection.execute(f"PRAGMA max_page_count = {pages if full else 2**30}")

    return fill


def scan_until_unwritable(rig: LaneRig) -> None:
    for _ in range(200):
        if not rig.scan(a_pass()).hash:
            return
    raise AssertionError("the disk never filled")


def test_with_a_full_disk_nothing_opens_by_itself_and_nothing_is_lost(tmp_path: Path, full_disk) -> None:
    rig = LaneRig(tmp_path)
    full_disk(rig.ledger, True)
    scan_until_unwritable(rig)
    written = rig.ledger.head
    row = rig.scan(a_pass())
    assert (row.entry.key.outcome, Reason.LEDGER_UNWRITABLE in row.entry.reasons) == (HELD, True)
    assert rig.gate.shown[-1] is HELD
    assert rig.view()["faults"] == ("ledger_unwritable",)

    released = rig.ask(Decide(GRANTED, row.passage, row.seq))
    assert (released.outcome, released.written, rig.gate.shown[-1]) == ("granted", False, GRANTED)

    full_disk(rig.ledger, False)
    rig.ledger.flush()
    assert rig.ledger.head == written + 3
    history = rig.ledger.history(row.passage)
    assert [row.entry.key.outcome for row in history] == [HELD, GRANTED]
    view = rig.view()
    assert (view["passage"]["written"], view["passage"]["outcome"]) == (True, "granted")


def test_after_the_disk_is_back_the_passage_on_the_screen_can_still_be_decided(tmp_path: Path, full_disk) -> None:
    rig = LaneRig(tmp_path)
    full_disk(rig.ledger, True)
    scan_until_unwritable(rig)
    row = rig.scan(a_pass())
    full_disk(rig.ledger, False)
    rig.ledger.flush()
    assert rig.ask(Decide(GRANTED, row.passage, row.seq)).outcome == "granted"


def test_with_a_full_disk_a_certificate_still_belongs_to_its_passage(tmp_path: Path, full_disk) -> None:
    rig = LaneRig(tmp_path)
    full_disk(rig.ledger, True)
    scan_until_unwritable(rig)
    rig.clock.seconds += 61
    row = rig.scan(a_pass(party=1, musts={must: mark for must, mark in a_pass().musts.items() if must != "test"}))
    shown = rig.scan(an_hcert())
    assert (shown.passage, shown.entry.key.outcome) == (row.passage, HELD)
    full_disk(rig.ledger, False)
    rig.ledger.flush()
    assert [row.entry.pass_kind for row in rig.ledger.history(row.passage)] == ["declaration", "declaration"]
    again = rig.scan(an_hcert())
    assert (rig.ledger.number(row.passage), again.entry.key.outcome) == (again.passage, GRANTED)


def test_a_clock_that_cannot_be_trusted_holds_and_counts_under_its_boot(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, clock=HandClock(trusted=False, wall_offset=-9e6))
    row = rig.scan(a_pass())
    assert (row.entry.key.outcome, row.entry.reasons) == (HELD, (Reason.CLOCK_UNTRUSTED,))
    assert row.entry.key.minute == "boot:boot0001+16"


def test_a_pass_of_one_of_the_stations_grids_is_good_and_of_another_is_not(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, grids=("g7",))
    assert rig.scan(a_pass(scope=Scope(grids=("g7",)))).entry.key.outcome is GRANTED
    assert rig.scan(a_pass(scope=Scope(grids=("g8",)))).entry.reasons == (Reason.OUT_OF_SCOPE,)


def test_the_lists_are_asked_about_every_pass_and_about_nothing_else(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.hits = frozenset({ListHit.REVOKED})
    assert rig.scan(a_pass()).entry.reasons == (Reason.REVOKED,)
    assert rig.scan("a stranger's code").entry.reasons == (Reason.NOT_A_PASS,)


def test_a_key_that_is_no_longer_trusted_verifies_nothing_from_the_next_scan_on(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    assert rig.scan(a_pass()).entry.key.outcome is GRANTED
    rig.trust = TrustList()
    assert rig.scan(a_pass()).entry.reasons == (Reason.UNKNOWN_ISSUER,)


def test_what_waits_in_the_inbox_at_the_end_is_still_written(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.lane.inbox.put(rig.a_scan(a_pass()))
    rig.lane.inbox.put(rig.a_scan(a_pass()))
    rig.lane.finish()
    assert rig.ledger.head == 2


def test_a_second_undo_is_refused_and_never_opens_the_gate(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    row = rig.scan(a_pass(musts={}))
    held = rig.ask(Decide(HELD, row.passage, row.seq))
    granted = rig.ask(Decide(GRANTED, held.id, held.row))
    undone = rig.ask(Undo(granted.id, granted.row))
    assert (undone.outcome, undone.undo_until) == ("held", "")
    with pytest.raises(Refused) as refused:
        rig.ask(Undo(undone.id, undone.row))
    assert refused.value.why is Refusal.NOTHING_TO_UNDO
    assert list(rig.gate.shown).count(GRANTED) == 1


def test_undo_takes_the_operators_decision_back_although_the_code_was_shown_again_since(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    row = rig.scan(a_pass(musts={}))
    rig.ask(Decide(DENIED, row.passage, row.seq))
    rig.clock.seconds += 5
    again = rig.scan(a_pass(id=row.entry.pass_id, musts={}))
    undone = rig.ask(Undo(again.passage, again.seq))
    assert (undone.outcome, undone.reasons[-1]) == ("held", "undone")


def test_with_a_full_disk_a_forged_pass_is_still_denied(tmp_path: Path, full_disk) -> None:
    rig = LaneRig(tmp_path)
    full_disk(rig.ledger, True)
    scan_until_unwritable(rig)
    assert rig.scan("CP1:FORGED").entry.key.outcome is DENIED


def test_when_not_even_memory_has_room_nothing_moves_and_the_operator_is_told(
    tmp_path: Path, full_disk, monkeypatch
) -> None:
    rig = LaneRig(tmp_path)
    full_disk(rig.ledger, True)
    scan_until_unwritable(rig)
    monkeypatch.setattr("station.ledger.store.KEPT_IN_MEMORY", 1)
    moved = len(rig.gate.shown)
    rig.lane.inbox.put(rig.a_scan(a_pass()))
    rig.lane.finish()
    with pytest.raises(Refused):
        rig.ask(Register(GRANTED))
    assert len(rig.gate.shown) == moved


def test_a_scan_that_meets_a_row_written_meanwhile_looks_again_and_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when housekeeping corrects the passage's minute between the lane's looking and its writing."""
    rig = LaneRig(tmp_path)
    shown = a_pass(musts={})
    held = rig.scan(shown)
    append = rig.ledger.append

    def behind_a_correction(entry: Entry) -> Row:
        monkeypatch.setattr(rig.ledger, "append", append)
        reasons = (*held.entry.reasons, Reason.CLOCK_CORRECTED)
        correction = replace(held.entry, type=EntryType.AMENDMENT, reasons=reasons, amends=held.passage)
        append(correction)
        return append(entry)

    monkeypatch.setattr(rig.ledger, "append", behind_a_correction)
    again = rig.scan(shown)
    assert (again.seq, again.passage, again.entry.replaces) == (3, held.passage, 2)
