"""From the district's command line to the lane: a real hub, a real broker and a real station."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from broker import Broker
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from lists_site import STATION, Site
from made_lists import revoking, today
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from waiting import until

from station.clock import utc_now
from station.domain.passes import Attestation
from station.domain.reasons import Reason
from station.domain.situation import Must
from station.passes.keys import load_signing_key

pytestmark = pytest.mark.clock

REVOKED_TOPIC = "checkpoint/v1/pingyuan/down/all/list/revocations"


@pytest.fixture
def site(tmp_path: Path, broker: Broker) -> Site:
    return Site(tmp_path, broker.url)


def publish(broker: Broker, topic: str, payload: bytes) -> None:
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    client.publish(topic, payload, qos=1, retain=True).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()


def test_a_pass_that_is_revoked_while_the_station_is_online_is_denied_within_seconds(site: Site) -> None:
    pass_id, text = site.issue()
    with site.hub(), site.station() as station:
        station.connected()
        assert station.show(text) == ()
        assert site.revoke(pass_id) == 0
        station.holds("revocations")
        assert Reason.REVOKED in station.show(text)
        assert site.revoke("--undo", pass_id) == 0
        until(lambda: Reason.REVOKED not in station.show(text), what="the pass being good again")


def test_what_was_revoked_while_the_station_was_away_is_applied_when_it_is_back(site: Site) -> None:
    pass_id, text = site.issue()
    with site.hub() as hub:
        site.revoke(pass_id)
        until(lambda: REVOKED_TOPIC in hub._list_wire.retained, what="the list at the broker")
    with site.station() as station:  # and by now the hub is gone
        station.connected().holds("revocations")
        assert Reason.REVOKED in station.show(text)


def test_revocations_hold_over_a_restart_with_the_broker_gone(site: Site, broker: Broker) -> None:
    pass_id, text = site.issue()
    site.revoke(pass_id)
    with site.hub(), site.station() as station:
        station.holds("revocations")
    broker.kill()
    with site.station() as station:
        assert Reason.REVOKED in station.show(text)
        assert Reason.REVOKED not in station.show(site.issue()[1])


def test_a_broker_that_lost_everything_gets_the_lists_again(site: Site, broker: Broker) -> None:
    site.revoke(site.issue()[0])
    with site.hub() as hub:
        until(lambda: REVOKED_TOPIC in hub._list_wire.retained)
        broker.kill()
        until(lambda: not hub.health()[0])
        broker.start()
        until(lambda: REVOKED_TOPIC in hub._list_wire.retained, 40, what="the list at the new broker")


def test_a_list_for_one_station_reaches_that_one_and_no_other(site: Site) -> None:
    pass_id, text = site.issue()
    site.revoke(pass_id, "--station", "another-station")
    with site.hub(), site.station() as station:
        site.revoke(site.issue()[0], "--station", STATION)
        station.holds(f"{STATION}/revocations")
        assert Reason.REVOKED not in station.show(text)


def test_forged_old_and_foreign_lists_are_refused_reported_and_change_nothing(site: Site, broker: Broker) -> None:
    pass_id, text = site.issue()
    key = load_signing_key(site.folder / "district.key")
    with site.station() as station:
        station.connected()
        publish(broker, REVOKED_TOPIC, revoking(pass_id, version=9, key=key, **today()))
        station.holds("revocations", lambda version: version == 9)
        for message, why in (
            (revoking(version=10, key=Ed25519PrivateKey.generate(), **today()), "not believed"),
            (revoking(version=8, key=key, **today()), "older than 9"),
            (revoking(version=10, key=key, district="another", **today()), "district"),
            (b"\xff" * 1000, "JSON"),
            (b" " * 2_001_000, "at most 2000000"),  # what is much larger the broker keeps, as it was asked to
        ):
            publish(broker, REVOKED_TOPIC, message)
            station.complains(why)
        assert Reason.REVOKED in station.show(text)
        assert station.station.health.report()[0], "a refused list is no reason to take the station for dead"


def test_the_screen_shows_lists_with_their_age_and_what_was_refused(site: Site, broker: Broker) -> None:
    key = load_signing_key(site.folder / "district.key")
    late = {"issued_at": utc_now() - timedelta(days=9), "expires": utc_now() - timedelta(days=2)}
    with site.station() as station:
        station.connected()
        publish(broker, REVOKED_TOPIC, revoking("aa" * 8, key=key, **late))
        station.holds("revocations")
        until(lambda: station.screen()["lists"])
        (view,) = station.screen()["lists"]
        assert (view["name"], view["state"], view["size"], view["own"]) == ("revocations", "stale", 1, False)
        publish(broker, REVOKED_TOPIC, b"{}")
        until(lambda: "revocations" in station.screen()["lists_fault"])


def test_the_hub_hears_from_the_station_which_versions_it_holds(site: Site, broker: Broker) -> None:
    heard: list[dict] = []
    listener = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    listener.on_message = lambda _, __, message: heard.append(json.loads(message.payload))
    listener.on_connect = lambda client, *_: client.subscribe(f"checkpoint/v1/pingyuan/up/{STATION}/state")
    listener.connect("127.0.0.1", broker.port)
    listener.loop_start()
    try:
        with site.hub() as hub, site.station() as station:
            until(lambda: heard and heard[-1]["state"] == "online" and heard[-1]["lists"] == {}, what="the birth")
            site.revoke("00" * 8)
            station.holds("revocations")
            until(lambda: heard[-1]["lists"].get("revocations"), what="the new version")
            version = heard[-1]["lists"]["revocations"]
            until(lambda: [row.lists for row in hub.queries.stations()] == [{"revocations": version}])
    finally:
        listener.disconnect()
        listener.loop_stop()


def test_a_new_key_comes_in_by_list_and_the_old_one_goes_out_by_list(site: Site) -> None:
    site.command("keys", "new", str(site.folder / "next.key"))
    (site.folder / "old.pub").write_bytes((site.folder / "trust" / "district.pub").read_bytes())
    old, new = site.issue()[1], site.issue("next.key")[1]
    rows = "key,not_before,not_after\nold.pub,2026-01-01,{}\nnext.pub,2026-01-01,2999-01-01\n"
    with site.hub(), site.station() as station:
        station.connected()
        assert Reason.UNKNOWN_ISSUER in station.show(new)
        site.lists("set", "trust", "--file", site.table("keys.csv", rows.format("2999-01-01")))
        station.holds("trust")
        assert (station.show(old), station.show(new)) == ((), ())
        ended = site.table("keys.csv", rows.format("2026-01-02"))
        first = station.station.lists.versions()["trust"]
        site.lists("set", "trust", "--file", ended)
        station.holds("trust", lambda version: version > first)
        assert Reason.UNKNOWN_ISSUER in station.show(site.issue()[1])
        assert site.revoke("00" * 8, "--key", str(site.folder / "next.key")) == 0
        station.holds("revocations")


def test_watched_plates_and_strangers_to_the_residents_list_are_held(site: Site) -> None:
    from station.domain.details import ResidentDetails
    from station.domain.passes import PassKind

    musts = dict.fromkeys(Must, Attestation.DECLARED)
    site.lists("set", "watchlist", "--file", site.table("plates.csv", "plate\n豫G·12345\n"))
    site.lists("set", "residents", "--file", site.table("homes.csv", "building,unit\n3,502\n"))
    homes = [
        site.issue(kind=PassKind.RESIDENT, plate="", musts=musts, details=ResidentDetails("3", unit))[1]
        for unit in ("502", "503")
    ]
    with site.hub(), site.station() as station:
        station.holds("watchlist")
        station.holds("residents")
        assert Reason.ON_WATCHLIST in station.show(site.issue(plate="豫G12345")[1])
        assert Reason.ON_WATCHLIST not in station.show(site.issue(plate="豫G12346")[1])
        assert Reason.NOT_RESIDENT not in station.show(homes[0])
        assert Reason.NOT_RESIDENT in station.show(homes[1])
    on_disk = b"".join(path.read_bytes() for path in (site.folder / "hub" / "lists").iterdir())
    assert b"12345" not in on_disk


def test_a_long_list_reaches_the_station_while_it_goes_on_telling_the_hub(site: Site) -> None:
    ids = "\n".join(f"{number:016x}" for number in range(100_000))
    with site.hub() as hub, site.station() as station:
        station.connected()
        assert site.revoke("--file", site.table("ids.txt", ids)) == 0
        station.show(site.issue()[1])
        station.holds("revocations")
        assert Reason.REVOKED not in station.show(site.issue(id="ff" * 8)[1])
        assert Reason.REVOKED in station.show(site.issue(id=f"{99_999:016x}")[1])
        until(lambda: hub.queries.total_passages() == 3, 30, what="the counts at the hub")
