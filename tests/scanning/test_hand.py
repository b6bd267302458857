"""The hand-held scanner beside the camera."""

from made import a_moment

from station.domain.scan import Scan
from station.scanning.guard import RepeatGuard
from station.scanning.hand import HandScanner


def test_what_camera_and_scanner_read_of_one_presentation_is_one_scan() -> None:
    guard, scans, now = RepeatGuard(absence=3.0), list[Scan](), [0.0]
    hand = HandScanner("1", guard, scans.append, a_moment, lambda: now[0])
    guard.begins("1", [b"seen by the camera"], 0.0)
    hand.read("seen by the camera")
    assert scans == []
    hand.read("another")
    hand.read("another")
    assert [(scan.lane, scan.code.payload, scan.code.text) for scan in scans] == [("1", b"another", "another")]
    now[0] = 4.0
    hand.read("another")
    assert (len(scans), hand.scans) == (2, 2)
