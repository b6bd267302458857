"""What is known at a lane at the moment of deciding."""

from station.devices import Clock, DeviceError, Thermometer
from station.domain import joining
from station.domain.lane import LaneSettings
from station.domain.lane_faults import LaneFault
from station.domain.lists import ListHits
from station.domain.passes import Pass, Presented
from station.domain.situation import SensorState, Situation
from station.lane.faults import Faults
from station.ledger import Ledger


class Observer:
    def __init__(
        self,
        settings: LaneSettings,
        list_hits: ListHits,
        ledger: Ledger,
        thermometer: Thermometer | None,
        clock: Clock,
        faults: Faults,
    ) -> None:
        self._settings, self._list_hits, self._ledger = settings, list_hits, ledger
        self._thermometer, self._clock, self._faults = thermometer, clock, faults

    def observe(self, presented: Presented | None = None, code_id: str = "") -> Situation:
        """:param presented: what was shown, and ``code_id`` how it is told again; neither where there is no code."""
        settings, now = self._settings, self._clock.now()
        thermometer, temperature = self._measure()
        return Situation(
            lane=settings.lane,
            lane_kind=settings.kind,
            mode=settings.mode,
            at=now,
            station=settings.station,
            levels=settings.levels,
            grids=settings.grids,
            temperature=temperature,
            thermometer=thermometer,
            recent_uses=self._ledger.uses(code_id, now, max(settings.policy.reuse_after, joining.SAME_PASSAGE_WITHIN)),
            list_hits=self._list_hits(presented) if isinstance(presented, Pass) else frozenset(),
            policy=settings.policy,
        )

    def _measure(self) -> tuple[SensorState, float | None]:
        if self._thermometer is None:
            return SensorState.NONE, None
        try:
            celsius = self._thermometer.read()
        except DeviceError:
            self._faults.rise(LaneFault.THERMOMETER_LOST)
            return SensorState.LOST, None
        self._faults.clear(LaneFault.THERMOMETER_LOST)
        return SensorState.OK, celsius
