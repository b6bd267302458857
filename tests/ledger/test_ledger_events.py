"""Events in the ledger: chained, exported, counted nowhere; and the cursor over those that the hub has."""

from io import StringIO
from pathlib import Path

import pytest
from lanes import ZONE, LaneRig, cut
from made import a_moment, a_pass

from station.domain.event_rows import entry_of
from station.domain.events.incidents import IncidentClosed, IncidentKind, IncidentOpened, Severity
from station.domain.events.orders import OrderReceived, OrderShown
from station.domain.orders import Urgency
from station.ledger import Events, Ledger, Segments, audit, report

FEVER = IncidentOpened("a1b2c3d4", IncidentKind.FEVER, Severity.SERIOUS, "driver of 豫G12345")
CLOSED = IncidentClosed("a1b2c3d4", "taken to hospital")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path, ZONE)


def happened(ledger: Ledger, *seconds: float) -> None:
    for at in seconds:
        ledger.append(entry_of(OrderShown(f"order-{at:g}"), a_moment(at)))


def test_events_are_read_back_in_order_by_kind_and_behind_a_row(ledger: Ledger) -> None:
    for event in (FEVER, OrderShown("order-1"), CLOSED):
        ledger.append(entry_of(event, a_moment(), "1", "0107"))
    events = Events(ledger)
    assert [row.event for row in events.of((IncidentOpened, IncidentClosed))] == [FEVER, CLOSED]
    assert [row.event for row in events.of((IncidentOpened, IncidentClosed), after=1)] == [CLOSED]
    assert [row.operator for row in events.of((OrderShown,))] == ["0107"]


def test_events_change_no_count_no_tally_and_no_report(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.scan(a_pass())
    before = rig.ledger.counts("1", rig.clock.now())
    told = rig.ledger.last("1")
    rig.ledger.append(entry_of(FEVER, rig.clock.now(), "1"))
    assert rig.ledger.counts("1", rig.clock.now()) == before
    assert rig.ledger.last("1") == told
    segments = Segments(rig.ledger)
    stretch = cut(segments)
    assert stretch is not None
    assert (stretch.through_seq, len(segments.tallies(stretch))) == (2, 1)
    assert report.day_figures(tmp_path, rig.clock.now().utc.date(), ZONE).total.passages == 1
    rig.ledger.close()
    assert Ledger(tmp_path, ZONE).counts("1", rig.clock.now()) == before


def test_the_chain_holds_over_events_and_the_export_shows_their_text_only_when_asked(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.append(entry_of(FEVER, a_moment(), "1"))
    happened(ledger, 1)
    found = audit.verify(tmp_path)
    assert (found.rows, found.broken_at) == (2, 0)
    plain, personal = StringIO(), StringIO()
    assert audit.export_json(tmp_path, plain, personal=False) == 2
    audit.export_json(tmp_path, personal, personal=True)
    assert "incident_opened" in plain.getvalue()
    assert "豫G12345" not in plain.getvalue()
    assert "豫G12345" in personal.getvalue()


def test_sealed_text_is_empty_once_its_day_is_forgotten(ledger: Ledger) -> None:
    order = OrderReceived("order-1", ("pingyuan",), Urgency.URGENT, "2026", "2027", "关闭一号车道", "")
    ledger.append(entry_of(order, a_moment()))
    events = Events(ledger)
    assert [row.event for row in events.of((OrderReceived,))] == [order]
    ledger.sealer.forget(a_moment(10 * 86400).utc.date(), 1)
    (row,) = events.of((OrderReceived,))
    assert isinstance(row.event, OrderReceived)
    assert (row.event.zh, row.event.order) == ("", "order-1")


def test_only_what_goes_up_waits_and_only_behind_what_the_hub_has(ledger: Ledger) -> None:
    happened(ledger, 1, 2, 3)
    events = Events(ledger)
    assert [row.seq for row in events.waiting(2)] == [1, 2]
    events.acknowledge(2)
    assert (events.acked, [row.seq for row in events.waiting(8)]) == (2, [3])
    events.acknowledge(1)
    assert events.acked == 2


def test_a_hub_that_lost_events_gets_them_again_with_the_window_before(ledger: Ledger) -> None:
    happened(ledger, *range(10))
    events = Events(ledger)
    events.acknowledge(10)
    events.reopen(6, window=2)
    assert (events.acked, events.waiting(1)[0].seq) == (4, 5)
    events.reopen(1, window=2)
    assert events.acked == 0
    events.reopen(9, window=2)
    assert events.acked == 0


def test_a_row_that_took_an_old_number_in_a_restored_card_has_another_id(tmp_path: Path) -> None:
    ids = []
    for card in ("a", "b"):
        ledger = Ledger(tmp_path / card, ZONE)
        happened(ledger, 1 if card == "a" else 2)
        ids.append(Events(ledger).waiting(1)[0].id)
    assert ids[0] != ids[1]
