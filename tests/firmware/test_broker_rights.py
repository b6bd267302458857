"""The shipped broker lets each in by its own door only, and hands out nothing that is for another."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from authority import Authority
from shipped_broker import PASSWORD, SHIPPED, ShippedBroker, Visitor, knocks
from waiting import until

from station.domain.lists import LARGEST_LIST

pytestmark = pytest.mark.clock

UP, DOWN = "checkpoint/v1/pingyuan/up", "checkpoint/v1/pingyuan/down"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShippedBroker]:
    broker = ShippedBroker(tmp_path_factory.mktemp("broker"), Authority())
    yield broker
    broker.stop()


@pytest.fixture
def leaving() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def station(shipped: ShippedBroker, tmp_path: Path, leaving: ExitStack) -> Callable[..., Visitor]:
    """Let a station in by its certificate."""

    def enter(name: str, client_id: str = "") -> Visitor:
        visitor = Visitor(client_id).with_certificate(*shipped.authority.write(tmp_path, name)).knock(shipped.port)
        leaving.callback(visitor.leave)
        assert visitor.admitted.is_set()
        return visitor

    return enter


@pytest.fixture
def hub(shipped: ShippedBroker, leaving: ExitStack) -> Visitor:
    visitor = Visitor().with_password("hub", PASSWORD).knock(shipped.hub_port)
    leaving.callback(visitor.leave)
    assert visitor.admitted.is_set()
    return visitor


def test_without_tls_nobody_comes_in_by_the_stations_door(shipped: ShippedBroker) -> None:
    visitor = Visitor().knock(shipped.port)
    assert (visitor.admitted.is_set(), visitor.connack) == (False, "")


def test_without_a_certificate_nobody_comes_in(shipped: ShippedBroker) -> None:
    visitor = Visitor().with_certificate(shipped.keys / "ca.pem").with_password("hub", PASSWORD)
    assert not knocks(visitor, shipped.port)


def test_another_authoritys_certificate_is_refused(shipped: ShippedBroker, tmp_path: Path) -> None:
    _, cert, key = Authority().write(tmp_path, "bridge-north")
    assert not knocks(Visitor().with_certificate(shipped.keys / "ca.pem", cert, key), shipped.port)


@pytest.mark.parametrize(("user", "password"), [("hub", "guessed"), ("hub", ""), ("bridge-north", PASSWORD)])
def test_a_wrong_password_is_refused_at_the_hubs_door(shipped: ShippedBroker, user: str, password: str) -> None:
    visitor = Visitor().with_password(user, password).knock(shipped.hub_port)
    assert (visitor.admitted.is_set(), visitor.connack) == (False, "Not authorized")


def test_nobody_comes_in_nameless_at_the_hubs_door(shipped: ShippedBroker) -> None:
    visitor = Visitor().knock(shipped.hub_port)
    assert (visitor.admitted.is_set(), visitor.connack) == (False, "Not authorized")


def test_a_station_speaks_in_its_own_name_only(station: Callable[..., Visitor], hub: Visitor) -> None:
    hub.hear(f"{UP}/+/state")
    north = station("bridge-north")
    for refused in (f"{UP}/bridge-south/state", f"{DOWN}/bridge-south/order", f"{DOWN}/all/order", f"{DOWN}/x/ack"):
        assert north.say(refused) == "Not authorized"
    assert north.say(f"{UP}/bridge-north/state") == "Success"
    until(lambda: hub.received)
    assert hub.received == [f"{UP}/bridge-north/state"]


def test_a_station_hears_what_is_for_it_and_for_all_and_nothing_else(
    station: Callable[..., Visitor], hub: Visitor
) -> None:
    north, south = station("bridge-north"), station("bridge-south")
    north.hear("#", f"{DOWN}/bridge-south/order", f"{DOWN}/+/order", f"{UP}/#", "$share/g/checkpoint/#")
    south.hear(f"{DOWN}/bridge-south/order")
    south.say(f"{UP}/bridge-south/segment")
    for reader in ("bridge-south", "all", "bridge-north"):
        hub.say(f"{DOWN}/{reader}/order")
    until(lambda: f"{DOWN}/bridge-north/order" in north.received and south.received)
    assert set(north.received) == {f"{DOWN}/all/order", f"{DOWN}/bridge-north/order"}
    assert south.received == [f"{DOWN}/bridge-south/order"]


def test_a_will_in_another_stations_name_is_never_said(
    shipped: ShippedBroker, tmp_path: Path, station: Callable[..., Visitor], hub: Visitor
) -> None:
    hub.hear(f"{UP}/+/state")
    north = Visitor().with_certificate(*shipped.authority.write(tmp_path, "bridge-north"))
    north.client.will_set(f"{UP}/bridge-south/state", "lost", qos=1, retain=True)
    north.knock(shipped.port)
    north.break_off()
    station("bridge-south").say(f"{UP}/bridge-south/state", "online")
    until(lambda: hub.received)
    assert hub.texts == ["online"]


def test_what_a_station_says_without_asking_for_an_answer_in_anothers_name_reaches_nobody(
    station: Callable[..., Visitor], hub: Visitor
) -> None:
    hub.hear(f"{UP}/#")
    north = station("bridge-north")
    north.client.publish(f"{UP}/bridge-south/live", "forged", qos=0, retain=True)
    north.say(f"{UP}/bridge-north/state")
    until(lambda: hub.received)
    assert hub.received == [f"{UP}/bridge-north/state"]


def test_a_station_reads_neither_lists_nor_acknowledgements_of_another_kept_or_new(
    station: Callable[..., Visitor], hub: Visitor
) -> None:
    names = ("list/watchlist", "ack", "sync", "order")
    hub.keep(f"{DOWN}/bridge-south/list/residents")
    north = station("bridge-north")
    north.hear(f"{DOWN}/#", f"{DOWN}/bridge-south/list/residents")
    for reader in ("bridge-south", "bridge-north"):
        for name in names:
            hub.say(f"{DOWN}/{reader}/{name}")
    until(lambda: len(north.received) >= len(names))
    assert set(north.received) == {f"{DOWN}/bridge-north/{name}" for name in names}


def test_the_hub_speaks_to_stations_and_never_as_one(hub: Visitor) -> None:
    assert hub.say(f"{DOWN}/bridge-north/ack") in {"Success", "No matching subscribers"}
    assert hub.say(f"{UP}/bridge-north/segment") == "Not authorized"


def test_home_assistant_reads_what_it_is_told_and_counts_and_speaks_to_nobody(
    shipped: ShippedBroker, station: Callable[..., Visitor], hub: Visitor, leaving: ExitStack
) -> None:
    told = Visitor().with_password("homeassistant", PASSWORD).knock(shipped.hub_port)
    leaving.callback(told.leave)
    told.hear("homeassistant/#", f"{UP}/#", f"{DOWN}/#")
    discovery = "homeassistant/device/checkpoint-pingyuan-bridge-north/config"
    north = station("bridge-north")
    assert (hub.say(discovery), north.say(discovery)) == ("Success", "Not authorized")
    for name in ("segment", "incident", "state", "live"):
        north.say(f"{UP}/bridge-north/{name}")
    hub.say(f"{DOWN}/all/order")
    hub.say(f"{DOWN}/bridge-north/list/watchlist")
    until(lambda: f"{UP}/bridge-north/live" in told.received)
    assert set(told.received) == {discovery, f"{UP}/bridge-north/state", f"{UP}/bridge-north/live"}
    for refused in (discovery, f"{DOWN}/all/order", f"{UP}/bridge-north/live"):
        assert told.say(refused) == "Not authorized"


def test_no_station_can_throw_another_off_by_its_client_id(station: Callable[..., Visitor], hub: Visitor) -> None:
    north = station("bridge-north", "pingyuan.bridge-north")
    station("bridge-south", "pingyuan.bridge-north").say(f"{UP}/bridge-south/state")
    north.hear(f"{DOWN}/bridge-north/order")
    hub.say(f"{DOWN}/bridge-north/order")
    until(lambda: north.received)
    assert not north.gone.is_set()


def test_a_station_retains_what_its_topics_hold_and_nothing_else(station: Callable[..., Visitor], hub: Visitor) -> None:
    """160 MB were retained in two seconds by topics of a station's own invention, and by districts of its invention."""
    hub.hear("checkpoint/v1/+/up/#")
    north = station("bridge-north")
    own = [f"{UP}/bridge-north/x{number}" for number in range(40)] + [f"{UP}/bridge-north/state/more"]
    elsewhere = [f"checkpoint/v1/d{number}/up/bridge-north/state" for number in range(40)]
    for topic in (*own, *elsewhere, f"{UP}/bridge-north"):
        assert north.say(topic, "x" * 1000, retain=True) == "Not authorized"
    for name in ("state", "live", "segment", "incident", "receipt"):
        assert north.say(f"{UP}/bridge-north/{name}", retain=True) == "Success"
        assert north.say(f"{UP}/bridge-north/{name}", "", retain=True) == "Success"
    assert {topic.rsplit("/", 1)[-1] for topic in hub.received} == {"state", "live", "segment", "incident", "receipt"}


def test_no_message_is_larger_than_the_largest_list(station: Callable[..., Visitor], hub: Visitor) -> None:
    north = station("bridge-north")
    topic = f"{DOWN}/bridge-north/list/watchlist"
    north.hear(topic)
    hub.say(topic, "x" * LARGEST_LIST)
    until(lambda: north.texts)
    assert len(north.texts[0]) == LARGEST_LIST
    north.client.publish(f"{UP}/bridge-north/segment", "x" * (LARGEST_LIST + 5000), qos=1)
    until(north.gone.is_set, what="the broker's goodbye")


@pytest.mark.parametrize("district", ["pingyuan", "qi-2"])
def test_the_rules_name_the_district_of_the_hubs_configuration(tmp_path: Path, district: str) -> None:
    config, target = tmp_path / "hub.toml", tmp_path / "stations.acl"
    config.write_text(f'[hub]\ndistrict = "{district}"                   # equals station.district\n')
    subprocess.run([SHIPPED / "mosquitto-district", config, SHIPPED / "stations.acl", target], check=True)
    topics = [line.split()[2] for line in target.read_text().splitlines() if line.startswith("pattern")]
    assert len(topics) == 11
    assert all(topic.startswith(f"checkpoint/v1/{district}/") for topic in topics)


def test_without_a_district_the_rules_of_before_stay(tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text("[hub]\n")
    arguments = [
        SHIPPED / "mosquitto-district",
        tmp_path / "hub.toml",
        SHIPPED / "stations.acl",
        tmp_path / "stations.acl",
    ]
    ran = subprocess.run(arguments, capture_output=True, text=True)
    assert ran.returncode == 1
    assert "hub.district is missing" in ran.stderr
    assert not (tmp_path / "stations.acl").exists()
