"""A district to look at: stations in every state, with figures of every length."""

from datetime import datetime
from typing import Any

from station.domain.boards import Board, BoardKind, board_number
from station.hub.boards import register
from station.messages import Live, LiveLane, State, StationState

NAMES = {
    "g107-bridge-north": ("107国道黄河桥北岸", ("pingyuan", "qiaobei", "bridge-north"), ("1", "2")),
    "g107-bridge-south": ("107国道黄河桥南岸", ("pingyuan", "qiaonan", "bridge-south"), ("1", "2", "3", "walk-in")),
    "railway-station": ("平原火车站东广场出站口", ("pingyuan", "chengguan", "railway-station"), ("exit-1", "exit-2")),
    "ring-road-east": ("东环路与省道314交叉口联合卡点", ("pingyuan", "dongjie", "ring-road-east"), ("1",)),
    "village-wang": ("王家村", ("pingyuan", "qiaobei", "village-wang"), ("1",)),
}
SAID = {"ring-road-east": StationState.LOST, "village-wang": StationState.OFFLINE}


def state(station: str, now: datetime, said: str = "") -> State:
    name, levels, lanes = NAMES[station]
    clock = "untrusted" if station == "railway-station" else "trusted"
    return State(
        StationState(said or SAID.get(station, StationState.ONLINE)),
        7,
        3,
        "b",
        now.isoformat(),
        clock,
        name,
        levels,
        lanes,
        "0.1.0",
    )


def live(station: str, now: datetime, more: int = 0) -> Live:
    """``more`` is added to the first lane's granted."""
    counts = {}
    for place, lane in enumerate(NAMES[station][2]):
        granted = 12345 * (place + 1) + (more if place == 0 else 0)
        counts[lane] = LiveLane(granted, 86 * place, 7, granted + 90, 3 * granted, granted, place % 2, now.isoformat())
    return Live(7, 1000 + more, now.date().isoformat(), now.isoformat(), counts)


BOARDS = [
    Board(board_number(1000), BoardKind.ROAD, "g107-bridge-north", "1", "107国道黄河桥北岸 1 公里路侧杆"),
    Board(board_number(1001), BoardKind.ROAD, "g107-bridge-south"),
    Board(board_number(1002), BoardKind.BUS, plate="豫G51234", seats=45),
]


def fill(district: Any) -> None:
    register(district.database, BOARDS)
    now = district.now()
    for station in NAMES:
        district.say(state(station, now), station)
        if SAID.get(station) is not StationState.OFFLINE:
            district.say(live(station, now), station)
