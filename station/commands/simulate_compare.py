"""A hub's counts beside the ground truth: from its store key by key, or from its API minute by minute."""

import json
import math
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from station.bootstrap.database import open_store
from station.commands import CommandError
from station.config import StoreSection
from station.domain.totals import KeyedTotal
from station.hub.database import Database, Readable, StoreUnwritable
from station.hub.sqlite import SqliteFile
from station.hub.totals import keyed_totals
from station.simulation.plan import Plan
from station.simulation.truth import Difference, Sums, differences, summed

_API_COUNTS = ("passages", "vehicles", "persons", "granted", "held", "denied")
KEY = ("station", "lane", "minute", "kind", "origin", "outcome")
_BOOT = "boot:"
_LIVE_AGES = "checkpoint_hub_live_age_seconds_bucket"


def differences_at(hub: str, plan: Plan, truth: Iterable[KeyedTotal]) -> list[Difference]:
    """Everything that differs. ``hub`` is the address of a hub's API or the path of its store."""
    if _is_address(hub):
        return _beside_api(hub.rstrip("/"), plan, list(truth))
    if _is_database(hub):
        with closing(_opened(hub)) as database:
            return beside_store(database, truth)
    return beside_store(SqliteFile(Path(hub)), truth)


def check(hub: str) -> None:
    """:raises CommandError: it cannot be asked."""
    if _is_database(hub):
        _opened(hub).close()
    elif not _is_address(hub) and not Path(hub).is_file():
        raise CommandError(f"--compare {hub}: no such file; give a hub's hub.sqlite3, its store.url or http:// address")


def _is_address(hub: str) -> bool:
    return hub.startswith(("http://", "https://"))


def _is_database(hub: str) -> bool:
    return hub.startswith("postgresql://")


def _opened(url: str) -> Database:
    """:raises CommandError: it cannot be reached."""
    try:
        return open_store(StoreSection(url=url), Path())
    except StoreUnwritable as error:
        raise CommandError(f"--compare: {error}") from None


def beside_store(store: Readable, truth: Iterable[KeyedTotal]) -> list[Difference]:
    """Exactly, by every key. What the store holds of other stations is not looked at."""
    ours = summed(truth, KEY)
    stations = {key[0] for key in ours}
    theirs = (total for total in keyed_totals(store) if total.station in stations)
    return differences(ours, summed(theirs, KEY))


def _beside_api(url: str, plan: Plan, truth: list[KeyedTotal]) -> list[Difference]:
    """As far as the API goes: by lane in each minute, and the district's sums by kind and by origin. The district
    must have no other stations."""
    known = [row for row in truth if not row.minute.startswith(_BOOT)]
    minutes = sorted({row.minute for row in known})
    found: list[Difference] = []
    if minutes:
        begin, end = _time(minutes[0]) - timedelta(days=1), _time(minutes[-1]) + timedelta(days=1)
        for by in (("kind",), ("origin",), ("station", "lane")):
            found += differences(summed(known, by), _asked(url, plan, begin, end, by)[0])
    for minute in minutes:
        at = _time(minute)
        sums, _ = _asked(url, plan, at, at + timedelta(minutes=1), ("station", "lane"))
        ours = summed((row for row in known if row.minute == minute), ("station", "lane"))
        found += [replace(one, of=(*one.of, minute)) for one in differences(ours, sums)]
    unknown = summed((row for row in truth if row.minute.startswith(_BOOT)), ())
    _, theirs = _asked(url, plan, datetime.fromisoformat("2000-01-01T00:00Z"), plan.begin, ("kind",))
    return found + [replace(one, of=("unknown time",)) for one in differences(unknown, theirs)]


def _asked(url: str, plan: Plan, begin: datetime, end: datetime, by: tuple[str, ...]) -> tuple[Sums, Sums]:
    """The API's counts of a period, and those of unknown time."""
    query = urllib.parse.urlencode({"from": begin.isoformat(), "to": end.isoformat(), "by": by[-1]})
    answer = ask_json(f"{url}/api/v1/levels/{plan.district}/counts?{query}")
    rows = {tuple(row[name] for name in by): {name: row[name] for name in _API_COUNTS} for row in answer["rows"]}
    return rows, {(): answer["unknown_time"]}


def ask_json(url: str) -> Any:
    return json.loads(ask(url))


def ask(url: str) -> bytes:
    """:raises CommandError: there is no answer."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            body: bytes = answer.read()
    except urllib.error.HTTPError as error:
        error.close()
        raise CommandError(f"{url}: {error}; on a hub of your own set web.anonymous_read = true") from None
    except OSError as error:
        raise CommandError(f"{url}: {error}; is the hub running?") from None
    return body


def _time(minute: str) -> datetime:
    return datetime.fromisoformat(minute)


def live_ages(hub: str) -> dict[float, float]:
    """How many live frames the hub stored within so many seconds of being said; nothing of a hub without an address."""
    if not _is_address(hub):
        return {}
    samples = (line.rpartition(" ") for line in ask(f"{hub.rstrip('/')}/metrics").decode().splitlines())
    return {float(name.split('"')[1]): float(value) for name, _, value in samples if name.startswith(_LIVE_AGES)}


def within(before: dict[float, float], after: dict[float, float], percent: float) -> float | None:
    """The shortest of the hub's spans in which so many of the frames between were stored; None if it took longer."""
    between = {span: count - before.get(span, 0.0) for span, count in after.items()}
    wanted = max(between.values(), default=0.0) * percent / 100
    return min((span for span, count in between.items() if count >= wanted > 0 and span < math.inf), default=None)
