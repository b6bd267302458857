"""A real station and a real hub through the shipped broker, each by its own door."""

import queue
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from authority import Authority, key_pem, pem
from shipped_broker import PASSWORD, ShippedBroker
from station_process import Program, get_json
from waiting import until

from station.commands.demo_site import DISTRICT, lay_out
from station.commands.processes import free_port
from station.outbox.connection import Broker as BrokerSettings
from station.outbox.connection import Connection
from station.outbox.mailbox import Mailbox
from station.runtime import UPLINK_INBOX_SIZE

pytestmark = pytest.mark.clock

STATION = "g107-bridge-north"


@pytest.fixture(params=[True, False], ids=["P-256", "Ed25519"])
def shipped(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ShippedBroker]:
    broker = ShippedBroker(tmp_path / "broker", Authority(curve=request.param))
    yield broker
    broker.stop()


def test_what_a_station_logs_is_counted_by_the_hub_over_tls(shipped: ShippedBroker, tmp_path: Path) -> None:
    kiosk, web = free_port(), free_port()
    site = lay_out(
        tmp_path,
        broker=shipped.stations_url,
        kiosk=f"127.0.0.1:{kiosk}",
        hub=f"127.0.0.1:{web}",
        driver=f"127.0.0.1:{free_port()}",
        lanes=1,
        seed=1,
        seconds=0,
        camera=None,
        video=None,
    )
    ca, cert, key = shipped.authority.write(tmp_path / "tls", STATION)
    url = f'url = "{shipped.stations_url}"\n'
    change(site.station_toml, url, f'{url}ca = "{ca}"\ncert = "{cert}"\nkey = "{key}"\n')
    password = tmp_path / "broker.password"
    password.write_text(f"{PASSWORD}\n")
    change(site.hub_toml, url, f'url = "{shipped.hub_url}"\nusername = "hub"\npassword_file = "{password}"\n')
    hub = Program(tmp_path, "hub", "hub", "run", "--config", str(site.hub_toml))
    station = Program(tmp_path, "station", "run", "--config", str(site.station_toml))
    until(lambda: counted(web) > 0, 30, "a passage counted by the hub")
    assert get_json(f"http://127.0.0.1:{kiosk}/healthz")["uplink"] == "connected"
    assert (station.stop(), hub.stop()) == (0, 0)


def test_a_station_whose_certificate_names_another_says_so(shipped: ShippedBroker, tmp_path: Path) -> None:
    uplink = connection(shipped, *map(str, shipped.authority.write(tmp_path, "bridge-south")))
    uplink.open()
    until(lambda: uplink.up)
    uplink.publish(f"checkpoint/v1/{DISTRICT}/up/{STATION}/segment", b"{}", qos=1)
    until(lambda: uplink.fault)
    assert uplink.fault == "the broker refused a message: Not authorized; check its access rules"
    uplink.close()


def test_a_broker_of_another_authority_is_not_spoken_to(shipped: ShippedBroker, tmp_path: Path) -> None:
    _, cert, key = shipped.authority.write(tmp_path, STATION)
    other, _, _ = Authority().write(tmp_path / "other", STATION)
    with pytest.raises(OSError, match="certificate verify failed"):
        connection(shipped, str(other), str(cert), str(key)).open()


def test_a_certificate_that_has_expired_ends_the_attempt_with_a_fault(shipped: ShippedBroker, tmp_path: Path) -> None:
    ca, cert, key = shipped.authority.write(tmp_path, STATION)
    certificate, private = shipped.authority.issue(STATION, lifetime=-timedelta(hours=1))
    cert.write_bytes(pem(certificate))
    key.write_bytes(key_pem(private))
    uplink = connection(shipped, str(ca), str(cert), str(key))
    try:
        uplink.open()
        until(lambda: uplink.ended)
        fault = uplink.fault
    except OSError as error:
        fault = str(error)
    uplink.close()
    assert fault
    assert not uplink.up


def connection(shipped: ShippedBroker, ca: str, cert: str, key: str) -> Connection:
    settings = BrokerSettings(shipped.stations_url, f"{DISTRICT}.{STATION}", ca, cert, key)
    will = f"checkpoint/v1/{DISTRICT}/up/{STATION}/state", b"{}"
    topics = [f"checkpoint/v1/{DISTRICT}/down/{STATION}/ack"]
    return Connection(settings, will, topics, queue.Queue(UPLINK_INBOX_SIZE), Mailbox())


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def counted(web: int) -> int:
    return sum(row["passages"] for row in get_json(f"http://127.0.0.1:{web}/api/v1/levels/{DISTRICT}/counts")["rows"])
