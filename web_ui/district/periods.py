"""The period a request asks about: ``from`` and ``to`` as dates or times, the local day when nothing is said."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from web_ui.district.parameters import BadParameter
from web_ui.request_values import YEARS, read_day


class BadPeriod(BadParameter):
    """``from`` or ``to`` is no time, or they are the wrong way round."""


def period(given: Mapping[str, str], zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    """``from`` is the start of today unless given, ``to`` the start of the day after ``from``; ``to`` is not included.

    :raises BadPeriod: one of them is no time, or they are the wrong way round.
    """
    begin = _moment("from", given["from"], zone) if "from" in given else _midnight(now.astimezone(zone).date(), zone)
    if "to" in given:
        end = _moment("to", given["to"], zone)
    else:
        end = _midnight(begin.astimezone(zone).date() + timedelta(days=1), zone)
    if begin >= end:
        raise BadPeriod("to", "to must be later than from; it is not included in the period")
    return begin, end


def _moment(parameter: str, text: str, zone: ZoneInfo) -> datetime:
    try:
        day = read_day(text)
        # A "+" that was not escaped arrives as a space.
        moment = _midnight(day, zone) if day else datetime.fromisoformat(re.sub(r" (\d\d:\d\d)$", r"+\1", text))
    except ValueError:
        raise BadPeriod(parameter, _remedy(parameter, text)) from None
    if moment.tzinfo is None or moment.year not in YEARS:
        raise BadPeriod(parameter, _remedy(parameter, text))
    return moment


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _remedy(parameter: str, text: str) -> str:
    return (
        f"{parameter}={text[:40]!r} is neither a date like 2026-03-01 nor a time with its offset "
        "like 2026-03-01T08:00:00+08:00 (escape + as %2B)"
    )
