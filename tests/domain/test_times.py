from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.times import normalize_time, parse_time, utc_text

CHINA = timezone(timedelta(hours=8))
FIRST, LAST = datetime(1900, 1, 2), datetime(9998, 12, 30)  # noqa: DTZ001 Hypothesis adds the zone
OURS = st.datetimes(FIRST, LAST, timezones=st.just(CHINA) | st.just(UTC))


def test_a_time_is_written_in_utc_as_fine_as_asked() -> None:
    at = datetime(2026, 3, 2, 8, 0, 1, 250_000, tzinfo=CHINA)
    assert utc_text(at) == "2026-03-02T00:00:01.250Z"
    assert utc_text(at, "seconds") == "2026-03-02T00:00:01Z"
    assert utc_text(at, "auto") == "2026-03-02T00:00:01.250000Z"
    assert utc_text(at.replace(microsecond=0), "auto") == "2026-03-02T00:00:01Z"


@pytest.mark.parametrize(
    "text", ["2026-03-02T00:00:00", "2026-03-02T00:00:00Z", "2026-03-02T08:00+08:00", "2026-03-02"]
)
def test_a_time_without_offset_is_utc_and_a_date_its_midnight(text: str) -> None:
    assert parse_time(text) == datetime(2026, 3, 2, tzinfo=UTC)


def test_what_is_no_time_is_told() -> None:
    with pytest.raises(ValueError, match="tomorrow"):
        parse_time("tomorrow")


@given(OURS, OURS)
def test_texts_compare_as_their_times_do(one: datetime, other: datetime) -> None:
    one, other = (at.replace(microsecond=at.microsecond // 1000 * 1000) for at in (one, other))
    assert (utc_text(one) < utc_text(other)) is (one < other)


@given(OURS)
def test_a_written_time_is_read_back(at: datetime) -> None:
    assert parse_time(utc_text(at, "auto")) == at


WRITTEN = OURS.flatmap(
    lambda at: st.sampled_from(
        [utc_text(at), utc_text(at, "auto"), at.isoformat(), at.isoformat(" "), f"{at:%G-W%V-%uT%T.%fZ}"]
    )
)


@given(WRITTEN)
def test_a_normalized_time_is_what_would_be_written_of_it(text: str) -> None:
    assert normalize_time(text) == utc_text(parse_time(text))
