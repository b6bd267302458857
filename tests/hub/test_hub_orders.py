"""Orders at the hub: written once, sent to whom they are for, and counted by what stations did with them."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hub_messages import NOW, received, state
from made import KEY, TRUST
from test_hub_events import receipt, told

from station.domain.district_orders import Draft, OrderFault, OrderNotWritten
from station.domain.level_import import Plan
from station.domain.levels import ALWAYS, Level, Placement
from station.domain.orders import Order, Urgency
from station.hub.database import Database
from station.hub.level_registry import change_registry
from station.hub.order_publisher import AGAIN_SECONDS, IDLE_SECONDS, MOST_AT_ONCE, OrderPublisher
from station.hub.order_queries import OrderQueries
from station.hub.orders import Orders
from station.hub.store import Store
from station.passes.signed_orders import read

DRAFT = Draft("pingyuan/qiaobei", Urgency.URGENT, "一号车道暂停放行", "", timedelta(hours=12))


@dataclass
class Wire:
    connected: bool = True
    sent: list[tuple[str, int]] = field(default_factory=list)

    def send(self, topic: str, message: bytes, expires_in: int) -> None:
        assert read(message, "pingyuan", TRUST)
        self.sent.append((topic.split("/")[4], expires_in))

    def stations(self) -> list[str]:
        sent, self.sent = self.sent, []
        return [station for station, _ in sent]


@dataclass
class Desk:
    store: Store
    database: Database
    clock: float = 0.0

    def __post_init__(self) -> None:
        self.at = NOW
        self.orders = Orders(self.database, "pingyuan", lambda: self.at)
        self.questions = OrderQueries(self.database, lambda: self.at)
        self.wire = Wire()
        self.publisher = OrderPublisher(self.orders, self.wire, "pingyuan", lambda: self.at, lambda: self.clock)

    def station(self, name: str, level: str = "qiaobei", said: str = "online", conn: int = 1) -> None:
        levels = ("pingyuan", level)
        self.store.apply([received(state(said, levels=levels, conn=conn, name=name.upper()), name)])

    def write(self, **changes: object) -> Order:
        known = {"level": DRAFT.level, "urgency": DRAFT.urgency, "zh": DRAFT.zh, "en": "", "lasts": DRAFT.lasts}
        return self.orders.write(Draft(**(known | changes)), KEY, "li")  # type: ignore[arg-type]

    def look(self, seconds: float = IDLE_SECONDS) -> list[str]:
        """Which stations are sent an order at the next look."""
        self.clock += seconds
        self.publisher.step()
        return self.wire.stations()

    def receipt(self, station: str, row: int, step: str, order: Order, **said: str) -> None:
        message = told(receipt(row, step, order.id, **said))
        self.store.apply([received(message.message, station)])


@pytest.fixture
def desk(store: Store, database: Database) -> Desk:
    return Desk(store, database)


def test_an_order_goes_to_every_station_beneath_its_level_and_to_no_other(desk: Desk) -> None:
    for name, level in (("north", "qiaobei"), ("south", "qiaonan"), ("bridge", "qiaobei")):
        desk.station(name, level)
    desk.write()
    assert desk.look() == ["bridge", "north"]
    desk.write(level="pingyuan/qiaobei/north")
    assert desk.look() == ["north"]
    desk.write(level="pingyuan")
    assert desk.look() == ["bridge", "north", "south"]


def test_an_order_is_sent_again_until_the_station_answers(desk: Desk) -> None:
    desk.station("north")
    order = desk.write()
    assert desk.look() == ["north"]
    assert desk.look() == []
    assert desk.look(AGAIN_SECONDS) == ["north"]
    desk.receipt("north", 1, "received", order)
    assert desk.look(AGAIN_SECONDS) == []


def test_a_station_that_refused_is_sent_no_more(desk: Desk) -> None:
    desk.station("north")
    order = desk.write()
    desk.receipt("north", 1, "refused", order, reason="not_addressed")
    assert desk.look() == []
    (row,) = desk.questions.orders()
    assert (row.refused, row.received) == (1, 0)


def test_a_station_that_comes_back_is_sent_at_once_what_it_missed(desk: Desk) -> None:
    desk.station("north", said="offline")
    desk.write()
    assert desk.look() == []
    desk.station("north", conn=2)
    assert desk.look() == ["north"]
    desk.station("north", conn=3)
    assert desk.look() == ["north"]


def test_an_order_that_has_expired_is_sent_to_nobody_and_the_rest_with_the_time_that_is_left(desk: Desk) -> None:
    desk.station("north")
    desk.write(lasts=timedelta(hours=1))
    desk.at = NOW + timedelta(minutes=50)
    desk.clock += IDLE_SECONDS
    desk.publisher.step()
    assert desk.wire.sent == [("north", 600)]
    desk.wire.sent.clear()
    desk.at = NOW + timedelta(hours=1)
    assert desk.look(AGAIN_SECONDS) == []
    assert desk.questions.orders()[0].expired


def test_nothing_is_sent_while_there_is_no_connection(desk: Desk) -> None:
    desk.station("north")
    desk.write()
    desk.wire.connected = False
    assert desk.look() == []
    desk.wire.connected = True
    assert desk.look() == ["north"]


def test_a_whole_district_is_sent_to_a_part_at_a_time(desk: Desk) -> None:
    desk.store.apply([received(state(levels=("pingyuan", "qiaobei")), f"s{n}") for n in range(MOST_AT_ONCE + 5)])
    desk.write()
    assert len(desk.look()) == MOST_AT_ONCE
    assert len(desk.look()) == 5
    assert desk.look() == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"lasts": timedelta(seconds=59)}, OrderFault.LASTS),
        ({"lasts": timedelta(days=8)}, OrderFault.LASTS),
        ({"level": "pingyuan/nowhere"}, OrderFault.LEVEL),
        ({"zh": " "}, OrderFault.TEXT),
        ({"zh": "x" * 501}, OrderFault.TEXT),
    ],
    ids=str,
)
def test_an_order_that_would_reach_nobody_is_not_written(
    desk: Desk, changes: dict[str, object], why: OrderFault
) -> None:
    desk.station("north")
    with pytest.raises(OrderNotWritten) as refused:
        desk.write(**changes)
    assert refused.value.why is why
    assert desk.questions.orders() == []


def test_the_answer_counts_how_far_the_stations_are_and_how_long_it_took(desk: Desk) -> None:
    for name in ("a", "b", "c", "d"):
        desk.station(name)
    order = desk.write()  # at 04:00
    for name in ("a", "b", "c"):
        desk.receipt(name, 1, "received", order)
    desk.receipt("a", 2, "acknowledged", order)  # row 2 is at 04:02
    desk.receipt("b", 2, "shown", order)
    (row,) = desk.questions.orders()
    assert (row.stations, row.received, row.shown, row.acknowledged, row.seconds) == (4, 3, 2, 1, 120)
    found = desk.questions.order(order.id)
    assert found is not None
    assert [(one.station, one.step) for one in found[1]] == [
        ("d", "waiting"),
        ("c", "received"),
        ("b", "shown"),
        ("a", "acknowledged"),
    ]


def test_somebody_of_a_level_sees_its_orders_and_its_stations_alone(desk: Desk) -> None:
    desk.station("north", "qiaobei")
    desk.station("south", "qiaonan")
    everywhere, there = desk.write(level="pingyuan"), desk.write(level="pingyuan/qiaonan")
    mine = ("pingyuan", "qiaobei")
    assert [row.id for row in desk.questions.orders(mine)] == [everywhere.id]
    found = desk.questions.order(everywhere.id, mine)
    assert found is not None
    assert [one.station for one in found[1]] == ["north"]
    assert desk.questions.order(there.id, mine) is None


def test_what_stations_refused_and_nobody_here_wrote_is_told(desk: Desk) -> None:
    desk.station("north")
    order = desk.write()
    desk.receipt("north", 1, "refused", order, reason="expired")
    message = told(receipt(2, "refused", "order-of-a-thief", reason="forged"))
    desk.store.apply([received(message.message, "north")])
    (strange,) = desk.questions.strange(NOW - timedelta(days=1))
    assert (strange.station, strange.order, strange.reason) == ("north", "order-of-a-thief", "forged")


# Where a station stands


def place(desk: Desk, station: str, path: str, since: str = ALWAYS) -> None:
    levels = tuple(Level(above) for above in ("pingyuan", path))
    with desk.database.transaction() as connection:
        change_registry(connection, Plan(added=levels, placed=(Placement(station, since, path),)))


def test_a_station_gets_the_orders_of_where_the_registry_has_it_whatever_it_says(desk: Desk) -> None:
    place(desk, "liar", "pingyuan/qiaonan")
    place(desk, "honest", "pingyuan/qiaobei")
    desk.station("liar", "qiaobei")
    desk.station("honest", "qiaobei")
    desk.station("unregistered", "qiaobei")
    order = desk.write()
    assert desk.look() == ["honest", "unregistered"]
    (row,) = desk.questions.orders()
    assert row.stations == 2
    found = desk.questions.order(order.id)
    assert found is not None
    assert [one.station for one in found[1]] == ["honest", "unregistered"]
    desk.write(level="pingyuan/qiaonan")
    assert desk.look() == ["liar"]
    with pytest.raises(OrderNotWritten):
        desk.write(level="pingyuan/qiaobei/liar")


def test_a_station_that_moves_gets_the_other_levels_orders_from_its_day_on(desk: Desk) -> None:
    place(desk, "north", "pingyuan/qiaobei")
    place(desk, "north", "pingyuan/qiaonan", (NOW + timedelta(days=1)).date().isoformat())
    desk.station("north", "qiaobei")
    desk.write(lasts=timedelta(days=3))
    desk.write(level="pingyuan/qiaobei/north", lasts=timedelta(days=3))
    assert desk.look() == ["north", "north"]
    desk.at = NOW + timedelta(days=1)
    assert desk.look(AGAIN_SECONDS) == []
