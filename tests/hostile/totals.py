"""Whether what passed is written down once, and counted at the hub as written down."""

import json
from collections import Counter
from dataclasses import dataclass, field

from hostile.site import LANES, STATION, HostileSite
from station import passes
from station.domain.passes import Pass
from station.hub.sqlite import SqliteFile
from station.hub.totals import keyed_totals
from station.ledger import audit
from station.passes.trust_folder import load_trust


@dataclass
class Totals:
    """``missed`` are genuine passes shown and not in the ledger, ``doubled`` those in it as two.

    ``excused`` are missed ones of vehicles that came while the station's disk was full."""

    genuine: int = 0
    missed: int = 0
    doubled: int = 0
    excused: int = 0
    logged: dict[str, int] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    ledger_sound: bool = False

    @property
    def equal(self) -> bool:
        return self.ledger_sound and self.logged == self.counted and not self.missed and not self.doubled


class Presented:
    """How many vehicles each lane has shown. ``excuse`` begins and ends a time whose vehicles may be missed."""

    def __init__(self, site: HostileSite) -> None:
        self._records = {lane: site.site.records[lane] for lane in LANES}
        self._began: dict[str, int] | None = None
        self.excused: dict[str, set[int]] = {lane: set() for lane in LANES}

    def vehicles(self, lane: str) -> list[list[str]]:
        record = self._records[lane]
        lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
        return [json.loads(line)["texts"] for line in lines]

    def excuse(self, begins: bool) -> None:
        """The vehicle before, which may still stand there, and the one after are in that time."""
        shown = {lane: len(self.vehicles(lane)) for lane in LANES}
        if begins:
            self._began = shown
        elif self._began is not None:
            for lane, first in self._began.items():
                self.excused[lane].update(range(max(0, first - 1), shown[lane] + 1))


def compare(site: HostileSite, presented: Presented) -> Totals:
    """Once all is at rest: no vehicle is before a camera, and everything is acknowledged."""
    totals = Totals()
    rows = list(audit.records(site.site.station_data, personal=True))
    totals.logged = dict(sorted(Counter(row["lane"] for row in rows if row["type"] == "passage").items()))
    totals.counted = _counted(site)
    totals.ledger_sound = audit.verify(site.site.station_data).broken_at == 0
    # A pass shown after a stranger's code is an amendment of that case; operators' decisions name it again.
    written = Counter(pass_id for pass_id, _ in {(row["pass_id"], row["passage"]) for row in rows})
    trust = load_trust(site.site.trust).trust
    for lane in LANES:
        for number, texts in enumerate(presented.vehicles(lane)):
            for text in texts:
                found = passes.read(text.encode(), text, trust)
                if isinstance(found, Pass):
                    totals.genuine += 1
                    times, excused = written[found.id], number in presented.excused[lane]
                    totals.missed += times == 0 and not excused
                    totals.excused += times == 0 and excused
                    totals.doubled += times > 1
                    if (times == 0 and not excused) or times > 1:
                        print(f"DIFFERS: lane {lane}, vehicle {number}: in {times} passages", flush=True)
    return totals


def _counted(site: HostileSite) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for total in keyed_totals(SqliteFile(site.hub_data / "hub.sqlite3")):
        if total.station == STATION:
            counted[total.lane] += total.passages
    return dict(sorted(counted.items()))
