"""``decide``: from a scan in the lane's inbox to the row on disk to the gate, beside the two things that cannot be
left out: one signature check and one synced insert."""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import disk
from bare import BareTable, ledger_rows, signed_part
from bench_ledger import ZONE
from lanes import CORNERS, HandClock
from made import KEY, TRUST, a_pass
from pairing import Laps, interleaved, percentile, ratio, sliced
from plan import Plan
from tables import Table

from station.domain.decision import Outcome
from station.domain.lane import LaneSettings
from station.domain.origin import OriginClasses
from station.domain.scan import Code, Scan
from station.domain.situation import LaneKind, Mode, Policy
from station.domain.view import CameraView
from station.feed import Feed
from station.lane import Eyes, Lane
from station.ledger import Ledger
from station.passes import cp1

STATION, BARE = "station: scan to gate", "bare: check and insert"
SECONDS_BETWEEN = 6.0


class StopwatchGate:
    """A gate that notes when it was told, and what."""

    def __init__(self) -> None:
        self.shown: list[tuple[Outcome, float]] = []

    def show(self, outcome: Outcome) -> None:
        self.shown.append((outcome, time.perf_counter()))

    def keep(self, occupied: bool) -> None:
        """Nothing to close."""

    def hold_open(self) -> None:
        """It always is."""

    def release(self) -> None:
        """Nothing to close."""

    def close(self) -> None:
        pass


class TimedLane:
    """One automatic lane; ``to_gate`` and ``whole`` are seconds a scan, the second with the screen's refresh."""

    def __init__(self, folder: Path) -> None:
        self.ledger = Ledger(folder, ZONE)
        self.gate = StopwatchGate()
        self._clock = HandClock()
        eyes = Eyes(lambda: CameraView("ok"), lambda: None, lambda: 0, lambda: ())
        self._lane = Lane(
            _SETTINGS,
            lambda: TRUST,
            lambda _: frozenset(),
            self.ledger,
            self.gate,
            None,
            self._clock,
            Feed(),
            eyes,
            lambda lane, badge, against: None,
        )
        self.to_gate: list[float] = []
        self.whole: list[float] = []

    def show(self, texts: Sequence[str]) -> None:
        for text in texts:
            self._clock.seconds += SECONDS_BETWEEN
            code = Code(text.encode(), text, "QRCode", CORNERS, "bench")
            began = time.perf_counter()
            self._lane.inbox.put(Scan("1", code, 0, self._clock.now()))
            self._lane.step()
            self.whole.append(time.perf_counter() - began)
            self.to_gate.append(self.gate.shown[-1][1] - began)


_SETTINGS = LaneSettings(
    lane="1",
    name="",
    kind=LaneKind.VEHICLE,
    direction="in",
    mode=Mode.AUTOMATIC,
    station="g107-bridge-north",
    levels=("pingyuan", "qiaobei"),
    grids=(),
    policy=Policy(),
    origins=OriginClasses("41", ("110105",)),
)


def measure(plan: Plan) -> list[Table]:
    texts = [cp1.issue(a_pass(), KEY) for _ in range(plan.decisions)]
    with tempfile.TemporaryDirectory(dir=plan.folder, prefix="decide-") as folder:
        rehearsal = TimedLane(Path(folder) / "rehearsal")
        rehearsal.show(texts)
        rehearsal.ledger.close()
        columns, rows = ledger_rows(rehearsal.ledger.path)
        lane, table = TimedLane(Path(folder) / "lane"), BareTable(Path(folder) / "bare.db", columns)
        public, row_of = KEY.public_key(), dict(zip(texts, rows, strict=True))
        signed = {text: signed_part(text) for text in texts}

        def bare(work: Sequence[str]) -> None:
            for text in work:
                public.verify(*signed[text])
                table.insert(row_of[text])

        laps = interleaved({STATION: lane.show, BARE: bare}, sliced(texts, 1))
        lane.ledger.close()
        table.close()
    granted = sum(outcome is Outcome.GRANTED for outcome, _ in lane.gate.shown)
    notes = (f"{len(texts)} passes, {granted} granted, {disk.note(plan.folder)}",)
    columns_shown = ("way", "p50 ms", "p95 ms", "cpu ms p50", "/ bare (wall p50)")
    return [Table("decide: scan to row on disk to gate", columns_shown, _rows(lane, laps), notes)]


def _rows(lane: TimedLane, laps: dict[str, Laps]) -> tuple[tuple[str | float, ...], ...]:
    bare = laps[BARE]
    ways = (
        (STATION, lane.to_gate, ""),
        ("station: with the screen", lane.whole, laps[STATION].cpu_median_ms),
        (BARE, bare.wall, bare.cpu_median_ms),
    )
    return tuple(
        (name, percentile(wall, 50) * 1000, percentile(wall, 95) * 1000, cpu, ratio(wall, bare.wall))
        for name, wall, cpu in ways
    )
