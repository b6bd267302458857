"""From the district's authority to the shipped broker's door: who was enrolled comes in, as nobody but itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from authority import Authority
from shipped_broker import PASSWORD, ShippedBroker, Visitor, knocks
from waiting import until

from station.__main__ import main

pytestmark = pytest.mark.clock

UP, DOWN = "checkpoint/v1/pingyuan/up", "checkpoint/v1/pingyuan/down"
HUB_TOML = """
[hub]
district = "pingyuan"

[signing]
key = "{0}/district.key"

[authority]
folder = "{0}/authority"
url = "mqtts://localhost:8883"
"""


class District:
    """Set up by the commands that docs/enrolling.md names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._config = str(folder / "hub.toml")
        (folder / "hub.toml").write_text(HUB_TOML.format(folder))
        authority, keys = str(folder / "authority"), str(folder / "broker" / "checkpoint")
        assert main(["keys", "new", str(folder / "district.key")]) == 0
        assert main(["hub", "authority", "new", authority]) == 0
        assert main(["hub", "authority", "broker", authority, "localhost", "--output", keys]) == 0
        self.broker = ShippedBroker(folder / "broker", None)

    def enrol(self, *stations: str) -> None:
        into = str(self._folder / "enrolments")
        assert main(["hub", "enrol", "--config", self._config, "--output", into, *stations]) == 0
        for station in stations:
            file, place = f"{into}/{station}.toml", str(self._folder / station)
            assert main(["enrol", file, "--into", place, "--replace"]) == 0

    def revoke(self, station: str) -> None:
        crl = str(self.broker.keys / "revoked.pem")
        assert main(["hub", "enrol", "--config", self._config, "--revoke", station, "--crl", crl]) == 0
        self.broker.reload()

    def visitor(self, station: str) -> Visitor:
        """With what 'station enrol' laid for it."""
        tls = self._folder / station / "tls"
        return Visitor().with_certificate(tls / "ca.pem", tls / "station.pem", tls / "station.key")


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    found = District(tmp_path)
    yield found
    found.broker.stop()


def test_an_enrolled_station_speaks_and_hears_as_itself_alone(district: District) -> None:
    district.enrol("bridge-north", "bridge-south")
    broker = district.broker
    north = district.visitor("bridge-north").knock(broker.port)
    hub = Visitor().with_password("hub", PASSWORD).knock(broker.hub_port)
    hub.hear(f"{UP}/+/state")
    north.hear(f"{DOWN}/bridge-south/order", f"{DOWN}/bridge-north/order")
    assert north.say(f"{UP}/bridge-south/state") == "Not authorized"
    assert north.say(f"{UP}/bridge-north/state") == "Success"
    hub.say(f"{DOWN}/bridge-south/order")
    hub.say(f"{DOWN}/bridge-north/order")
    until(lambda: hub.received and north.received)
    assert (hub.received, north.received) == ([f"{UP}/bridge-north/state"], [f"{DOWN}/bridge-north/order"])
    north.leave()
    hub.leave()


def test_revoked_stations_are_refused_after_a_reload_each_time_and_no_other_is(district: District) -> None:
    district.enrol("bridge-north", "bridge-south", "bridge-west")
    port = district.broker.port
    for revoked in ("bridge-north", "bridge-south"):
        assert knocks(district.visitor(revoked), port)
        district.revoke(revoked)
        assert not knocks(district.visitor(revoked), port)
    assert knocks(district.visitor("bridge-west"), port)


def test_a_station_enrolled_anew_after_it_was_revoked_comes_in(district: District) -> None:
    district.enrol("bridge-north")
    district.revoke("bridge-north")
    district.enrol("bridge-north")
    assert knocks(district.visitor("bridge-north"), district.broker.port)


def test_a_certificate_of_another_authority_of_the_same_name_is_refused(district: District, tmp_path: Path) -> None:
    _, cert, key = Authority("Checkpoint authority").write(tmp_path / "stranger", "bridge-north")
    stranger = Visitor().with_certificate(district.broker.keys / "ca.pem", cert, key)
    assert not knocks(stranger, district.broker.port)


def test_the_brokers_own_certificate_lets_nobody_in_as_a_station(district: District) -> None:
    keys = district.broker.keys
    posing = Visitor().with_certificate(keys / "ca.pem", keys / "broker.pem", keys / "broker.key")
    assert not knocks(posing, district.broker.port)
