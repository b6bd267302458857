"""The panel's way: the grant button, the emergency switch and the enclosure's door."""

from typing import assert_never

from station.domain.commands import Command, Decide, Register
from station.domain.crossings import EmergencySwitched
from station.domain.decision import Outcome
from station.domain.lane_faults import LaneFault
from station.domain.panel import PANEL, PanelChange, PanelPart
from station.lane.emergency import EmergencySwitch
from station.lane.faults import Faults
from station.lane.operator import OperatorWay
from station.lane.writer import Writer
from station.ledger import AmendsChangedPassage


class PanelWay:
    def __init__(self, operator: OperatorWay, writer: Writer, emergency: EmergencySwitch, faults: Faults) -> None:
        self._operator, self._writer, self._emergency, self._faults = operator, writer, emergency, faults

    def touched(self, change: PanelChange) -> None:
        """:raises LedgerUnwritable: not even in memory is room; nothing moved."""
        match change.part:
            case PanelPart.GRANT:
                if change.on:
                    self._grant()
            case PanelPart.EMERGENCY:
                self._emergency.told(EmergencySwitched(change.on, change.at))
            case PanelPart.DOOR:
                if change.on:
                    self._faults.rise(LaneFault.DOOR_OPEN)
                else:
                    self._faults.clear(LaneFault.DOOR_OPEN)
            case _:
                assert_never(change.part)

    def _grant(self) -> None:
        command = self._meant()
        try:
            self._operator.carry_out(command)
        except AmendsChangedPassage:  # housekeeping corrected its minute meanwhile, which it does once
            self._operator.carry_out(command)

    def _meant(self) -> Command:
        """What the screen holds is granted. Where it holds nothing, somebody is let in without a code."""
        current = self._writer.current
        if current is None or current.entry.key.outcome is not Outcome.HELD:
            return Register(Outcome.GRANTED, operator=PANEL)
        return Decide(Outcome.GRANTED, current.passage, operator=PANEL)
