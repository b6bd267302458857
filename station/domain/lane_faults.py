"""What is wrong at a lane, named as the screens translate it."""

from enum import StrEnum


class LaneFault(StrEnum):
    """``GATE_LOST``, ``THERMOMETER_LOST``, ``PRESENCE_LOST``, ``PANEL_LOST``, ``READER_LOST``: the device does not
    answer. ``BARRIER_STUCK``: it does not move as told. ``CROSSED_UNDECIDED``: a vehicle passed that nobody decided
    about. ``CODE_IN_SCENE``: a code stands in view and belongs to no vehicle."""

    CROSSED_UNDECIDED = "crossed_undecided"
    THERMOMETER_LOST = "thermometer_lost"
    LEDGER_UNWRITABLE = "ledger_unwritable"
    DOOR_OPEN = "door_open"
    GATE_LOST = "gate_lost"
    BARRIER_STUCK = "barrier_stuck"
    EMERGENCY_OPEN = "emergency_open"
    CODE_IN_SCENE = "code_in_scene"
    PRESENCE_LOST = "presence_lost"
    PANEL_LOST = "panel_lost"
    READER_LOST = "reader_lost"
