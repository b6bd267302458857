from pathlib import Path

import pytest
from duty_rig import DutyRig
from made import a_moment

from station.domain.commands import Refusal, Refused
from station.domain.crossing_rows import entry_of
from station.domain.crossings import Account, Crossing, Heading
from station.domain.events.incidents import IncidentKind, Severity
from station.domain.incidents import CloseIncident, ReportIncident, UpdateIncident
from station.domain.situation import LaneKind
from station.duty.incidents import MOST_OPEN

FEVER = ReportIncident("a1b2c3d4", IncidentKind.FEVER, Severity.SERIOUS, "1", "38.4 at lane 1", "0107")


@pytest.fixture
def rig(tmp_path: Path) -> DutyRig:
    return DutyRig(tmp_path)


def crossed(rig: DutyRig, lane: str = "1", account: Account = Account.UNMATCHED) -> None:
    fact = Crossing(account, None, 1000.0, 1001.0, Heading.UNKNOWN)
    rig.ledger.append(entry_of(fact, lane, LaneKind.VEHICLE, a_moment()))


def opened(rig: DutyRig) -> list[tuple[str, str]]:
    return [(incident["kind"], incident["lane"]) for incident in rig.shows("incidents")]


def refusal(rig: DutyRig, command: ReportIncident | UpdateIncident | CloseIncident) -> Refusal:
    with pytest.raises(Refused) as refused:
        rig.incidents.carry_out(command)
    return refused.value.why


def test_an_incident_is_on_the_screen_from_report_to_closure_and_goes_up_at_each_step(rig: DutyRig) -> None:
    rig.incidents.carry_out(FEVER)
    (shown,) = rig.shows("incidents")
    assert (shown["kind"], shown["lane"], shown["text"]) == ("fever", "1", "38.4 at lane 1")
    rig.clock.seconds = 60
    rig.incidents.carry_out(UpdateIncident("a1b2c3d4", Severity.EMERGENCY, "collapsed"))
    (shown,) = rig.shows("incidents")
    assert (shown["severity"], shown["text"], shown["opened_at"]) == (
        "emergency",
        "collapsed",
        "2026-03-02T04:00:00.000Z",
    )
    rig.incidents.carry_out(CloseIncident("a1b2c3d4", "taken to hospital"))
    assert rig.shows("incidents") == []
    assert [kind for kind, _ in rig.told()] == ["incident_opened", "incident_updated", "incident_closed"]
    assert rig.told()[0][1] == {
        "incident": "a1b2c3d4",
        "kind": "fever",
        "severity": "serious",
        "text": "38.4 at lane 1",
    }


def test_a_report_that_was_sent_twice_is_one_incident(rig: DutyRig) -> None:
    rig.incidents.carry_out(FEVER)
    rig.incidents.carry_out(FEVER)
    assert len(rig.told()) == 1


def test_open_incidents_are_there_after_a_restart_and_closed_ones_are_not(rig: DutyRig) -> None:
    rig.incidents.carry_out(FEVER)
    rig.incidents.carry_out(ReportIncident("ffff0000", IncidentKind.EQUIPMENT, Severity.NOTICE))
    rig.incidents.carry_out(CloseIncident("ffff0000"))
    rig.restart()
    assert opened(rig) == [("fever", "1")]


def test_what_cannot_be_done_is_refused_and_writes_nothing(rig: DutyRig) -> None:
    assert refusal(rig, ReportIncident("a1", IncidentKind.CROWD, Severity.NOTICE, "9")) is Refusal.NOT_FOUND
    assert refusal(rig, CloseIncident("a1")) is Refusal.NOT_FOUND
    assert refusal(rig, UpdateIncident("a1", Severity.NOTICE)) is Refusal.NOT_FOUND
    for number in range(MOST_OPEN):
        rig.incidents.carry_out(ReportIncident(f"i{number}", IncidentKind.CROWD, Severity.NOTICE))
    assert refusal(rig, FEVER) is Refusal.BUSY
    assert rig.ledger.head == MOST_OPEN


def test_with_the_disk_full_an_incident_is_kept_in_memory_and_written_once_there_is_room(
    rig: DutyRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.ledger._connection.execute("PRAGMA query_only = 1")
    rig.incidents.carry_out(FEVER)
    assert (opened(rig), rig.ledger.kept) == ([("fever", "1")], 1)
    rig.ledger._connection.execute("PRAGMA query_only = 0")
    rig.ledger.flush()
    assert [kind for kind, _ in rig.told()] == ["incident_opened"]


def test_what_crosses_without_a_decision_opens_one_incident_a_lane(rig: DutyRig) -> None:
    crossed(rig, account=Account.MATCHED)
    for lane in ("1", "1", "2"):
        crossed(rig, lane)
    rig.incidents.watch()
    assert opened(rig) == [("unmatched", "1"), ("unmatched", "2")]
    rig.incidents.watch()
    assert len(rig.told()) == 2


def test_crossings_of_before_the_policy_open_nothing_and_those_missed_at_a_power_cut_do(rig: DutyRig) -> None:
    crossed(rig)
    rig.restart()
    rig.incidents.watch()
    assert opened(rig) == []
    crossed(rig, "1")
    rig.incidents.watch()
    crossed(rig, "2")
    rig.restart()
    rig.incidents.watch()
    assert opened(rig) == [("unmatched", "1"), ("unmatched", "2")]


def test_a_crossing_that_an_open_incident_stood_for_opens_none_after_its_closure(rig: DutyRig) -> None:
    crossed(rig)
    rig.incidents.watch()
    crossed(rig)
    rig.incidents.watch()
    rig.incidents.carry_out(CloseIncident(rig.shows("incidents")[0]["id"]))
    for _ in range(2):
        rig.incidents.watch()
        assert opened(rig) == []
        rig.restart()
    crossed(rig)
    rig.incidents.watch()
    assert opened(rig) == [("unmatched", "1")]
