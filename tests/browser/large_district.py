"""A district of 7,102 stations in a tree of seven levels, some of them in every kind of need."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from hub_messages import received, segment, tally
from scripted_hub import District

from station.domain.moment import minute_of
from station.messages import Live, LiveLane, Segment, State, StationState

STATIONS = 7102
COUNTIES, TOWNS, ROADS = 14, 12, 8
BATCH = 500


def path_of(number: int) -> tuple[str, ...]:
    """Seven names deep for every fifth station, three to five for the others; all have a level of their own."""
    county, town, road = number % COUNTIES, number // COUNTIES % TOWNS, number // (COUNTIES * TOWNS) % ROADS
    upper = ("pingyuan", f"county-{county:02}", f"town-{town:02}")
    match number % 5:
        case 0:
            return (*upper, f"road-{road}", "section-1", "exit", f"gate-{number:04}")
        case 1 | 2:
            return (*upper, f"road-{road}", f"gate-{number:04}")
        case _:
            return (*upper, f"gate-{number:04}")


def name_of(number: int) -> str:
    return f"g{number:04}"


def state_of(number: int, now: datetime) -> State:
    said = StationState.LOST if number % 97 == 3 else StationState.OFFLINE if number % 211 == 5 else StationState.ONLINE
    clock = "untrusted" if number % 151 == 7 else "trusted"
    title = f"第{number}号卡点（国道{100 + number % 900}线）"
    lanes = ("1", "2", "3", "4")
    lists = {"revocations": 11 if number % 301 == 9 else 12}
    return State(said, 7, 3, "b", now.isoformat(), clock, title, path_of(number), lanes, "0.1.0", lists)


def live_of(number: int, now: datetime, more: int = 0) -> Live:
    chance = random.Random(number)
    lanes = {}
    for lane in ("1", "2", "3", "4"):
        granted, held, denied = chance.randrange(400, 3000) + more, chance.randrange(40), chance.randrange(9)
        vehicles = granted + held + denied
        unmatched = 2 if number % 400 == 11 and lane == "1" else 0
        lanes[lane] = LiveLane(granted, held, denied, vehicles, 2 * vehicles, vehicles, unmatched, now.isoformat())
    return Live(7, 40 + more, now.date().isoformat(), now.isoformat(), lanes)


def segment_of(number: int, now: datetime) -> Segment:
    """Cars and trucks from three origins, in the last hours and a week before."""
    kinds = ("car", "truck", "bus")
    origins = ("this_province", "other_province", "risk_area")
    tallies = [
        tally(
            1,
            number % 40 + hours,
            minute=minute_of(now - timedelta(days=days, hours=hours)),
            kind=kinds[hours % 3],
            origin=origins[hours % 2 + days % 2],
            outcome="held" if hours == 4 else "granted",
        )
        for hours in range(1, 9)
        for days in (0, 7)
    ]
    return segment(1, *tallies, epoch=7, through=40)


def fill(district: District) -> None:
    """As the collector stores it: by batches, then shown by rounds of the overview."""
    now = district.now()
    messages = list(_messages(now))
    for begin in range(0, len(messages), BATCH):
        district.store.apply(messages[begin : begin + BATCH])
    district.overview.touch(name_of(number) for number in range(STATIONS))
    while len(district.overview.tree.attention("pingyuan", 1)["stations"]) == 0 or not _whole(district):
        district.clock += 1
        district.overview.look()


def say_live(district: District, numbers: range, more: int) -> None:
    """New live frames of these stations."""
    now = district.now()
    district.store.apply([received(live_of(number, now, more), name_of(number), at=now) for number in numbers])
    district.overview.touch(name_of(number) for number in numbers)


def _whole(district: District) -> bool:
    return bool(district.overview.tree.node("pingyuan")["stations"] == STATIONS)


def _messages(now: datetime) -> Iterator[Any]:
    for number in range(STATIONS):
        yield received(state_of(number, now), name_of(number), at=now)
        # One in 500 has been silent for long enough to be told from the others.
        heard = now - timedelta(minutes=9) if number % 500 == 13 else now
        yield received(live_of(number, heard), name_of(number), at=heard)
        if number % 10 == 0:
            yield received(segment_of(number, now), name_of(number), at=now)
