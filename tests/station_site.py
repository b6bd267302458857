"""A station on a folder that a test may spoil: made in this process, its threads not started, lanes worked by hand."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from made import KEY

from station import config as cfg
from station.asking import Asked
from station.bootstrap import Station
from station.domain.by_hand import Told
from station.domain.commands import Command, Register
from station.domain.decision import Outcome
from station.domain.details import BadgeRole
from station.domain.roster import Member
from station.domain.rota import Rota
from station.domain.view import PassageView, StationView
from station.duty import roster_file, rota_file
from station.passes.keys import new_list_key, public_pem

A_CAR = Told(plate="豫G12345")


@dataclass
class StationSite:
    folder: Path

    def __post_init__(self) -> None:
        self.data = self.folder / "data"
        self.trust = self.data / "trust"
        self.trust.mkdir(parents=True)
        (self.trust / "district.pub").write_bytes(public_pem(KEY))
        new_list_key(self.folder / "list.key")
        roster_file.save(self.data, {"0107": Member("0107", "李**", "A", BadgeRole.OPERATOR)})
        rota_file.save(self.data, _a_rota())

    @property
    def config(self) -> cfg.StationConfig:
        section = cfg.StationSection(
            id="g107-bridge-north",
            name="107国道黄河桥北岸",
            district="pingyuan",
            levels=("pingyuan",),
            data_dir=str(self.data),
            clock="always",
            list_key=str(self.folder / "list.key"),
        )
        lane = cfg.LaneConfig(id="1", camera=cfg.FileCameraConfig(path=str(self.folder / "no.png")))
        return cfg.StationConfig(station=section, lanes=(lane,))

    def fill(self, passages: int = 3) -> None:
        """What a day before left: some passages by hand, with everything written down."""
        with self.station() as station:
            for _ in range(passages):
                assert pass_by_hand(station).written

    @contextmanager
    def station(self) -> Iterator[Station]:
        station = Station(self.config)
        try:
            yield station
        finally:
            station.close()

    def passages(self, folder: Path | None = None) -> int:
        """Counted in the file itself."""
        with closing(sqlite3.connect((folder or self.data) / "ledger.db")) as connection:
            found: int = connection.execute("SELECT coalesce(sum(passages), 0) FROM ledger").fetchone()[0]
        return found


def _a_rota() -> Rota:
    return Rota(date(2026, 3, 2), (time(8), time(20)), (("A", "B"),))


def pass_by_hand(station: Station) -> PassageView:
    """An operator lets a car through at lane 1, whose thread this is meanwhile."""
    lane, asked = station.lanes["1"].lane, Asked[Command, PassageView](Register(Outcome.GRANTED, A_CAR))
    lane.inbox.put(asked)
    lane.step()
    return asked.wait(0)


def view_of(station: Station) -> StationView:
    """What the screen is told of the station, after a round of housekeeping."""
    station.housekeeping.step()
    return station.housekeeping.view(station.clock.now())
