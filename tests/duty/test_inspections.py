from pathlib import Path

import pytest
from duty_rig import DutyRig

from station.domain.commands import Refusal, Refused
from station.domain.events.incidents import Severity
from station.domain.events.inspections import FindingKind, InspectionBegan
from station.domain.inspections import (
    MOST_IN_NOTICE,
    BeginVisit,
    CloseFinding,
    EndVisit,
    InspectionCommand,
    ServeNotice,
    WriteFinding,
)
from station.duty.inspections import MOST_FINDINGS, MOST_VISITS
from station.messages import EventNotice, decode_event, encode

BEGIN = BeginVisit("v1", "0900", "0107")


@pytest.fixture
def rig(tmp_path: Path) -> DutyRig:
    return DutyRig(tmp_path)


def finding(name: str = "f1", inspection: str = "v1") -> WriteFinding:
    return WriteFinding(name, inspection, FindingKind.DISINFECTION, Severity.SERIOUS, "no record since noon", "0107")


def notice(name: str = "n1", *findings: str, due: str = "2026-03-09", inspection: str = "v1") -> ServeNotice:
    return ServeNotice(name, inspection, findings or ("f1",), "put it right", due, "0107")


def carry_out(rig: DutyRig, *commands: InspectionCommand) -> None:
    for command in commands:
        rig.inspections.carry_out(command)


def refusal(rig: DutyRig, command: InspectionCommand) -> Refusal:
    with pytest.raises(Refused) as refused:
        rig.inspections.carry_out(command)
    return refused.value.why


def test_a_visit_by_badge_goes_on_until_it_is_ended_and_its_finding_until_it_is_closed(rig: DutyRig) -> None:
    rig.inspections.arrived("1", "0900", "赵**")
    (visit,) = rig.inspections.visits()
    assert (visit.number, visit.label, visit.lane, visit.findings) == ("0900", "赵**", "1", 0)
    carry_out(rig, finding(inspection=visit.id), notice(inspection=visit.id))
    (visit,) = rig.inspections.visits()
    assert (visit.findings, visit.notices) == (1, 1)
    carry_out(rig, EndVisit(visit.id, "0107"))
    assert rig.inspections.visits() == []
    assert [(one.id, one.due) for one in rig.inspections.findings()] == [("f1", "2026-03-09")]
    carry_out(rig, CloseFinding("f1", "sprayed", "0107"))
    assert rig.inspections.findings() == []


def test_each_step_goes_up_and_says_nothing_of_who_inspected(rig: DutyRig) -> None:
    rig.inspections.arrived("1", "0900", "赵**")
    (visit,) = rig.inspections.visits()
    carry_out(rig, finding(inspection=visit.id), notice(inspection=visit.id), CloseFinding("f1"), EndVisit(visit.id))
    assert rig.told() == [
        ("inspection_began", {"inspection": visit.id}),
        (
            "finding_made",
            {
                "inspection": visit.id,
                "finding": "f1",
                "kind": "disinfection",
                "severity": "serious",
                "text": "no record since noon",
            },
        ),
        (
            "notice_served",
            {
                "inspection": visit.id,
                "notice": "n1",
                "findings": '["f1"]',
                "text": "put it right",
                "due": "2026-03-09",
            },
        ),
        ("finding_closed", {"finding": "f1", "text": ""}),
        ("inspection_ended", {"inspection": visit.id}),
    ]


def test_a_badge_held_up_again_is_the_same_visit_until_it_has_ended(rig: DutyRig) -> None:
    for lane in ("1", "1", "2"):
        rig.inspections.arrived(lane, "0900", "赵**")
    rig.inspections.arrived("1", "0901", "钱**")
    assert [visit.number for visit in rig.inspections.visits()] == ["0900", "0901"]
    carry_out(rig, EndVisit(rig.inspections.visits()[0].id))
    rig.inspections.arrived("1", "0900", "赵**")
    assert [visit.number for visit in rig.inspections.visits()] == ["0901", "0900"]


def test_without_a_badge_the_visit_is_written_down_by_whoever_is_on_duty(rig: DutyRig) -> None:
    carry_out(rig, BEGIN)
    (row,) = rig.events.of((InspectionBegan,))
    assert (row.event.number, row.event.label, row.lane, row.operator) == ("0900", "", "", "0107")


def test_what_was_sent_twice_is_done_once(rig: DutyRig) -> None:
    steps = (BEGIN, finding(), notice(), CloseFinding("f1", "sprayed"), EndVisit("v1"))
    for step in steps:
        carry_out(rig, step, step)
    carry_out(rig, *steps)
    assert len(rig.told()) == len(steps)


def test_visits_findings_and_what_was_sent_before_are_known_after_a_restart(rig: DutyRig) -> None:
    carry_out(rig, BEGIN, finding(), finding("f2"), notice("n1", "f2"), CloseFinding("f1"))
    rig.restart()
    carry_out(rig, BEGIN, finding())
    assert [(one.id, one.text, one.due) for one in rig.inspections.findings()] == [
        ("f2", "no record since noon", "2026-03-09")
    ]
    (visit,) = rig.inspections.visits()
    assert (visit.id, visit.findings, visit.notices) == ("v1", 2, 1)


def test_a_second_notice_counts_by_its_day_only_where_it_is_the_earlier(rig: DutyRig) -> None:
    carry_out(rig, BEGIN, finding("f1"), finding("f2"), finding("f3"))
    carry_out(rig, notice("n1", "f1", "f2"), notice("n2", "f1", due="2026-03-12"), notice("n3", "f2", due="2026-03-04"))
    assert [(one.id, one.due) for one in rig.inspections.findings()] == [
        ("f2", "2026-03-04"),
        ("f1", "2026-03-09"),
        ("f3", ""),
    ]


def test_what_cannot_be_done_is_refused_and_writes_nothing(rig: DutyRig) -> None:
    for command in (finding(), notice(), CloseFinding("f1"), EndVisit("v1")):
        assert refusal(rig, command) is Refusal.NOT_FOUND
    carry_out(rig, BEGIN, finding(), finding("f2"), CloseFinding("f2"))
    written = rig.ledger.head
    for command in (notice("n1", "f1", "f2"), notice("n1", "x"), ServeNotice("n1", "v1", (), "", "2026-03-09")):
        assert refusal(rig, command) is Refusal.NOT_FOUND
    assert rig.ledger.head == written


def test_a_visit_that_has_ended_takes_nothing_more(rig: DutyRig) -> None:
    carry_out(rig, BEGIN, finding(), EndVisit("v1"))
    assert refusal(rig, finding("f2")) is Refusal.NOT_FOUND
    assert refusal(rig, notice()) is Refusal.NOT_FOUND


def test_there_is_an_end_to_visits_and_findings(rig: DutyRig) -> None:
    carry_out(rig, *(BeginVisit(f"v{n}", str(n)) for n in range(MOST_VISITS)))
    assert refusal(rig, BeginVisit("vx", "0900")) is Refusal.BUSY
    carry_out(rig, *(finding(f"f{n}") for n in range(MOST_FINDINGS)))
    assert refusal(rig, finding("fx")) is Refusal.BUSY


def test_the_fullest_notice_is_within_what_the_hub_reads(rig: DutyRig) -> None:
    names = [f"{n:016x}" for n in range(MOST_IN_NOTICE)]
    carry_out(rig, BEGIN, *(finding(name) for name in names), notice("n1", *names))
    event, said = rig.told()[-1]
    told = EventNotice(1, "id", 1, "2026-03-02T04:00:00Z", "trusted", "", event, said)
    assert decode_event(encode(told)) == told
