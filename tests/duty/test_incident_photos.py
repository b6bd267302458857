"""A picture with an incident: taken where the policy allows it, sealed, and forgotten with its day."""

from datetime import timedelta
from pathlib import Path

import pytest
from duty_rig import DutyRig
from made import NOON

from station.domain.events.incidents import NO_PHOTO, IncidentKind, Severity
from station.domain.incidents import CloseIncident, ReportIncident
from station.ledger import audit

PICTURE = b"\xff\xd8 the lane as it was"
REPORT = ReportIncident("a1", IncidentKind.FEVER, Severity.SERIOUS, "1", with_photo=True)


@pytest.fixture
def rig(tmp_path: Path) -> DutyRig:
    return DutyRig(tmp_path, photograph=lambda lane: PICTURE + lane.encode())


def files(rig: DutyRig) -> list[Path]:
    return sorted((rig.folder / "photographs").glob("*"))


def test_the_picture_of_the_lane_is_kept_over_a_restart_and_goes_to_no_hub(rig: DutyRig) -> None:
    rig.incidents.carry_out(REPORT)
    assert rig.incidents.photo("a1") == PICTURE + b"1"
    rig.restart()
    assert rig.incidents.photo("a1") == PICTURE + b"1"
    assert rig.told()[0][1].keys() == {"incident", "kind", "severity", "text"}
    assert audit.verify(rig.folder).broken_at == 0


def test_nothing_of_the_picture_lies_open_on_the_disk(rig: DutyRig) -> None:
    rig.incidents.carry_out(REPORT)
    assert files(rig)
    assert not [path for path in rig.folder.rglob("*") if path.is_file() and b"the lane as it was" in path.read_bytes()]
    assert not [path for path in files(rig) if path.stat().st_mode & 0o077]


def test_a_picture_is_forgotten_with_the_key_of_its_day_and_the_incident_stays(rig: DutyRig) -> None:
    rig.incidents.carry_out(REPORT)
    rig.ledger.forget((NOON + timedelta(days=30)).date(), 30)
    assert rig.incidents.photo("a1") == PICTURE + b"1"
    rig.ledger.forget((NOON + timedelta(days=31)).date(), 30)
    assert (rig.incidents.photo("a1"), files(rig)) == (None, [])
    rig.restart()
    assert [one.id for one in rig.incidents.listed()] == ["a1"]
    assert rig.incidents.photo("a1") is None


def test_without_the_policy_a_forged_report_brings_no_picture(tmp_path: Path) -> None:
    rig = DutyRig(tmp_path)
    rig.incidents.carry_out(REPORT)
    assert (rig.incidents.with_photos, rig.incidents.photo("a1"), files(rig)) == (False, None, [])
    assert rig.incidents.listed()[0].photo == ""


def test_once_the_policy_is_gone_pictures_of_before_are_shown_no_more(rig: DutyRig) -> None:
    rig.incidents.carry_out(REPORT)
    rig.photograph = None
    rig.restart()
    assert rig.incidents.photo("a1") is None


def test_nobody_asked_or_no_lane_means_no_picture(rig: DutyRig) -> None:
    rig.incidents.carry_out(ReportIncident("b1", IncidentKind.CROWD, Severity.SERIOUS, "1"))
    rig.incidents.carry_out(ReportIncident("b2", IncidentKind.CROWD, Severity.SERIOUS, with_photo=True))
    assert ([one.photo for one in rig.incidents.listed()], files(rig)) == (["", ""], [])


def test_a_report_sent_twice_has_one_picture(rig: DutyRig) -> None:
    rig.incidents.carry_out(REPORT)
    rig.incidents.carry_out(REPORT)
    assert len(files(rig)) == 1


def test_the_incident_is_reported_though_the_camera_gives_nothing_or_the_disk_takes_nothing(rig: DutyRig) -> None:
    rig.photograph = lambda _: None
    rig.restart()
    rig.incidents.carry_out(REPORT)
    (rig.folder / "photographs").write_text("in the way of the folder")
    rig.photograph = lambda _: PICTURE
    rig.restart()
    rig.incidents.carry_out(ReportIncident("a2", IncidentKind.CROWD, Severity.SERIOUS, "2", with_photo=True))
    assert [(one.id, one.photo) for one in rig.incidents.listed()] == [("a1", NO_PHOTO), ("a2", NO_PHOTO)]
    assert rig.incidents.photo("a1") is None


def test_the_picture_of_a_closed_incident_is_shown_no_more(rig: DutyRig) -> None:
    rig.incidents.carry_out(REPORT)
    rig.incidents.carry_out(CloseIncident("a1"))
    assert rig.incidents.photo("a1") is None


def test_another_picture_under_the_same_name_is_not_shown(rig: DutyRig) -> None:
    rig.incidents.carry_out(REPORT)
    (kept,) = files(rig)
    kept.write_bytes(rig.ledger.sealer.seal_bytes(b"forged", rig.clock.now()))
    assert rig.incidents.photo("a1") is None
    kept.unlink()
    assert rig.incidents.photo("a1") is None
