"""Local hours and days over UTC minutes, whatever a zone does with its clocks."""

from zoneinfo import ZoneInfo

import pytest

from station.hub.local_hours import Hour, LocalHours


@pytest.mark.parametrize(
    ("zone", "minute", "hour"),
    [
        ("Asia/Shanghai", "2026-02-28T15:59Z", Hour("2026-02-28T15:00Z", "2026-02-28T16:00Z", "2026-02-28")),
        ("Asia/Shanghai", "2026-02-28T16:00Z", Hour("2026-02-28T16:00Z", "2026-02-28T17:00Z", "2026-03-01")),
        ("Asia/Kolkata", "2026-03-01T03:29Z", Hour("2026-03-01T02:30Z", "2026-03-01T03:30Z", "2026-03-01")),
        ("Europe/Berlin", "2026-10-25T00:30Z", Hour("2026-10-25T00:00Z", "2026-10-25T01:00Z", "2026-10-25")),
        ("Europe/Berlin", "2026-10-25T01:30Z", Hour("2026-10-25T01:00Z", "2026-10-25T02:00Z", "2026-10-25")),
        ("Australia/Lord_Howe", "2026-04-04T15:10Z", Hour("2026-04-04T15:00Z", "2026-04-04T15:30Z", "2026-04-05")),
        ("Asia/Shanghai", "boot:b+7", None),
    ],
)
def test_a_minute_lies_in_one_local_hour(zone: str, minute: str, hour: Hour | None) -> None:
    assert LocalHours(ZoneInfo(zone)).of(minute) == hour


def test_a_day_is_as_long_as_its_clocks_make_it() -> None:
    berlin = LocalHours(ZoneInfo("Europe/Berlin"))
    assert berlin.bounds("2026-03-29") == ("2026-03-28T23:00Z", "2026-03-29T22:00Z")
    assert berlin.bounds("2026-10-25") == ("2026-10-24T22:00Z", "2026-10-25T23:00Z")


def test_the_first_day_to_begin_may_be_the_one_that_begins_at_this_minute() -> None:
    shanghai = LocalHours(ZoneInfo("Asia/Shanghai"))
    assert shanghai.first_day("2026-02-28T16:00Z") == "2026-03-01"
    assert shanghai.first_day("2026-02-28T16:01Z") == "2026-03-02"
