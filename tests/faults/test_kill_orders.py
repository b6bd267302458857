"""Hub and station killed in the middle of an order and an incident: each still happens once, and is known to both."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener
from zoneinfo import ZoneInfo

import pytest
from broker import Broker, free_port
from lists_site import Site
from station_process import Program
from waiting import until

from station.clock import utc_now
from station.domain.district_incidents import IncidentRow
from station.domain.district_orders import OrderRow
from station.hub.incidents import Incidents
from station.hub.order_queries import OrderQueries
from station.hub.sqlite import SqliteDatabase

pytestmark = [pytest.mark.faults, pytest.mark.clock]


@dataclass
class District:
    """A hub and a station as processes of their own, and a look into the hub's store from beside."""

    site: Site
    hub: Program
    station: Program
    kiosk: str
    database: SqliteDatabase

    def order(self) -> OrderRow | None:
        return next(iter(OrderQueries(self.database, _now).orders()), None)

    def incidents(self) -> list[IncidentRow]:
        return Incidents(self.database, ZoneInfo("Asia/Shanghai"), _now).incidents(_now() - timedelta(hours=1))

    def is_known(self) -> bool:
        with self.database.reading() as connection:
            return connection.execute("select state from stations where state = 'online'").fetchone() is not None

    def tap(self, path: str, **form: str) -> None:
        """As the kiosk's page does it: with its cookie and its token."""
        opener = build_opener(HTTPCookieProcessor(CookieJar()))
        with opener.open(f"{self.kiosk}/incidents", timeout=10) as page:
            text = page.read().decode()
        fields = {name: _hidden(text, name) for name in ("token", "incident")} | form
        headers = {"X-CSRF-Token": fields["token"], "Content-Type": "application/x-www-form-urlencoded"}
        with opener.open(Request(self.kiosk + path, urlencode(fields).encode(), headers), timeout=10) as answer:
            assert answer.status == 200


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def _now() -> datetime:
    return utc_now()


@pytest.fixture
def district(tmp_path: Path, broker: Broker) -> Iterator[District]:
    site, kiosk, web = Site(tmp_path, broker.url), free_port(), free_port()
    with site.station_toml.open("a") as more:
        more.write(f'[kiosk]\nlisten = "127.0.0.1:{kiosk}"\n')
    with site.hub_toml.open("a") as more:
        more.write(f'[web]\nlisten = "127.0.0.1:{web}"\n')
    hub = Program(tmp_path, "hub", "hub", "run", "--config", str(site.hub_toml))
    station = Program(tmp_path, "station", "run", "--config", str(site.station_toml))
    database = SqliteDatabase(tmp_path / "hub")
    yield District(site, hub, station, f"http://127.0.0.1:{kiosk}", database)
    database.close()
    for program in (station, hub):
        program.kill()


def test_an_order_is_acknowledged_once_though_hub_and_station_are_killed_in_between(district: District) -> None:
    until(district.is_known, 40, what="the station's birth")
    send = ("order", "send", "--zh", "一号车道暂停放行", "--config", str(district.site.hub_toml))
    assert district.site.command(*send) == 0
    until(lambda: (row := district.order()) is not None and row.received == 1, 40, what="the receipt")
    row = district.order()
    assert row is not None

    district.hub.kill()
    district.tap(f"/orders/{row.id}/acknowledge")
    district.station.kill()  # the hub has not heard of it
    district.hub.start()
    district.station.start()

    until(lambda: (row := district.order()) is not None and row.acknowledged == 1, 60, what="the acknowledgement")
    row = district.order()
    assert row is not None
    assert (row.stations, row.received, row.refused) == (1, 1, 0)


def test_an_incident_reported_without_a_hub_arrives_once_though_the_station_is_killed(district: District) -> None:
    until(district.is_known, 40, what="the station's birth")
    district.hub.kill()
    district.tap("/incidents", kind="fever", lane="1", severity="", text="38.4")
    district.station.kill()
    district.station.start()
    district.hub.start()
    until(district.incidents, 60, what="the incident")
    (incident,) = district.incidents()
    assert (incident.kind, incident.lane, incident.words, incident.closed_at) == ("fever", "1", "38.4", "")
