"""The hub's lists on a station, as ``station doctor`` finds them: which, how old, whether they can be used."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from station.bootstrap import keys_of, lists_of
from station.commands.doctor_check import Check
from station.config import StationSection
from station.devices.clock import SystemClock
from station.domain.lists import ListState, ListView
from station.domain.moment import Moment

_REMEDIES = {
    ListState.CURRENT: "",
    ListState.STALE: "look at the uplink; else on the hub: station list renew",
    ListState.UNUSABLE: "give station.list_key the district's list key",
}


def look_at_lists(station: StationSection) -> Iterator[Check]:
    keys = keys_of(station)
    if keys.list_key_fault:
        yield Check("list key", False, keys.list_key_fault, _REMEDIES[ListState.UNUSABLE])
    if not (Path(station.data_dir) / "lists").is_dir():
        yield Check("lists", None, "none from the hub yet")
        return
    clock = SystemClock(always_trusted=station.clock == "always")
    lists = lists_of(station, keys, clock.now)
    views = lists.views()
    if not views and not lists.fault:
        yield Check("lists", None, "none from the hub yet")
    yield from (_check(view, clock.now()) for view in views)
    if lists.fault:
        yield Check("lists", False, lists.fault)


def _check(view: ListView, now: Moment) -> Check:
    age = now.utc - datetime.fromisoformat(view.issued_at)
    found = f"{view.state}, {view.size} entries, version {view.version}, signed {_days(age.total_seconds())} ago"
    name = f"list {view.name}{' of this station' if view.own else ''}"
    return Check(name, view.state is ListState.CURRENT, found, _REMEDIES[view.state])


def _days(seconds: float) -> str:
    hours = max(0, int(seconds // 3600))
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"
