"""Rows of counts to curves over one axis of times: a curve for each key, the small ones together as one."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from station.domain.tables import Cell, Table
from web_ui.text import catalog

MEASURES = ("passages", "vehicles", "persons")
MOST_CURVES = 8  # what can be told apart by colour and dash
OTHERS = "others"
WEEK = timedelta(days=7)

Row = Mapping[str, Any]
Curve = Mapping[str, Any]


def curve_of(both: Mapping[str, Any], begin: datetime, end: datetime, step: str, split: str, measure: str) -> Curve:
    """``now`` and ``then`` (a week before, by the clock on the wall) of each key at each of the times ``at``.

    A step without a passage counts 0. Outcomes are of passages: no vehicle is granted twice.
    """
    measured = MEASURES[0] if split == "outcome" else measure
    at, before = times(begin, end, step), times(begin - WEEK, end - WEEK, step)
    now = _by_key(both["now"]["rows"], step, split, measured)
    then = _by_key(both["then"]["rows"], step, split, measured)
    kept = _largest(now, then)
    series = [
        {"key": key, "now": _along(at, now, keys), "then": _along(before, then, keys)} for key, keys in kept.items()
    ]
    return {"step": step, "by": split, "measure": measured, "at": at, "series": series}


def named(curve: Curve, language: str) -> Curve:
    """With a name for each curve, in the words of the screens."""
    series = [{**one, "name": name_of(curve["by"], one["key"], language)} for one in curve["series"]]
    return {**curve, "series": series}


def name_of(split: str, key: str, language: str) -> str:
    """What the stations' words are not known for, such as a lane, is its own name."""
    district, screens, report = (catalog(name) for name in (f"district.{language}", language, f"report.{language}"))
    if key == OTHERS:
        return district["curves.others"]
    match split if key else "":
        case "":
            return district["curves.all"]
        case "outcome":
            return district[f"count.{key}"]
        case "kind":
            return screens.get(f"traffic.{key}", key)
        case "origin":
            return report.get(f"origin.{key}", key)
        case _:
            return key


def table_of(curve: Curve, title: str, step_title: str, week_before: str) -> Table:
    """A row for each time, a column for each curve and for its week before."""
    columns = [name for one in curve["series"] for name in (one["name"], f"{one['name']} ({week_before})")]
    rows: list[tuple[Cell, ...]] = []
    for place, at in enumerate(curve["at"]):
        counts = [one[when][place] for one in curve["series"] for when in ("now", "then")]
        rows.append((at[:16].replace("T", " "), *counts))
    return Table(title, (step_title, *columns), tuple(rows))


def times(begin: datetime, end: datetime, step: str) -> list[str]:
    """Every local hour or day from ``begin`` to before ``end``; an hour that a clock change leaves out is not there."""
    if step == "day":
        return [(begin + timedelta(days=day)).date().isoformat() for day in range((end.date() - begin.date()).days)]
    hours = int((end.astimezone(UTC) - begin.astimezone(UTC)) / timedelta(hours=1))
    first = begin.astimezone(UTC)
    return [(first + timedelta(hours=hour)).astimezone(begin.tzinfo).isoformat() for hour in range(hours)]


_Counts = dict[str, Counter[str]]


def _by_key(rows: Sequence[Row], step: str, split: str, measure: str) -> _Counts:
    """By the curve's key, counts by time."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        key = f"{row['station']} {row['lane']}" if split == "lane" else row[split] if split else ""
        found[key][row[step]] += row[measure]
    return found


def _largest(now: _Counts, then: _Counts) -> dict[str, list[str]]:
    """The curves to show, each with the keys it sums up."""
    sums = {key: now.get(key, Counter()).total() + then.get(key, Counter()).total() for key in {*now, *then} or {""}}
    keys = sorted(sums, key=lambda key: (-sums[key], key))
    if len(keys) <= MOST_CURVES:
        return {key: [key] for key in keys}
    return {key: [key] for key in keys[: MOST_CURVES - 1]} | {OTHERS: keys[MOST_CURVES - 1 :]}


def _along(at: Sequence[str], counts: _Counts, keys: Sequence[str]) -> list[int]:
    return [sum(counts[key][time] for key in keys if key in counts) for time in at]
