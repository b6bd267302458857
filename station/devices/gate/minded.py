"""A lane's gate as the lane works it: what it does not do is a fault, and the emergency switch stands above all."""

from collections.abc import Callable

from station.devices import BarrierStuck, DeviceError, Gate
from station.domain.decision import Outcome
from station.domain.lane_faults import LaneFault


class MindedGate:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._emergency = self._lost = False
        self._faults: dict[LaneFault, None] = {}

    @property
    def faults(self) -> tuple[LaneFault, ...]:
        return (*self._faults, *((LaneFault.EMERGENCY_OPEN,) if self._emergency else ()))

    def show(self, outcome: Outcome) -> None:
        """In an emergency it is open and green, and stays so."""
        if not self._emergency:
            self._tell(LaneFault.GATE_LOST, lambda: self._gate.show(outcome))

    def keep(self, occupied: bool) -> None:
        """As a gate's; one that was lost when the switch was thrown is opened as soon as it is back."""
        if self._emergency and LaneFault.GATE_LOST in self._faults:
            self._tell(LaneFault.GATE_LOST, self._gate.hold_open)
        try:
            self._gate.keep(occupied)
        except BarrierStuck:
            self._faults[LaneFault.BARRIER_STUCK] = None
            self._found_again()
        except DeviceError:
            self._faults[LaneFault.GATE_LOST] = None
            self._lost = True
        else:
            self._faults.pop(LaneFault.BARRIER_STUCK, None)
            self._found_again()

    def _found_again(self) -> None:
        """Its hardware answers. In an emergency it counts as lost until it is held open."""
        if self._lost and not self._emergency:
            self._faults.pop(LaneFault.GATE_LOST, None)
        self._lost = False

    def throw(self) -> None:
        """The emergency switch is thrown."""
        self._emergency = True
        self._tell(LaneFault.GATE_LOST, self._gate.hold_open)

    def put_back(self) -> None:
        """It stands as usual, as a panel that is opened says too: then nothing moves."""
        if self._emergency:
            self._emergency = False
            self._tell(LaneFault.GATE_LOST, self._gate.release)

    def _tell(self, fault: LaneFault, told: Callable[[], None]) -> None:
        try:
            told()
            self._faults.pop(fault, None)
        except DeviceError:
            self._faults[fault] = None
