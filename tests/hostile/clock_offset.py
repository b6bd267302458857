"""``python -m hostile.clock_offset FILE ARGUMENTS...``: ``station ARGUMENTS`` whose time of day is so many seconds
ahead as ``FILE`` says at the moment; monotonic time is left alone."""

import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import station.clock
from station.__main__ import main

OFFSET = Path(sys.argv[1])


class ShiftedTime:
    @staticmethod
    def now(zone: tzinfo) -> datetime:
        return datetime.now(zone) + timedelta(seconds=float(OFFSET.read_text()))


station.clock.datetime = ShiftedTime  # type: ignore[assignment, misc]
sys.exit(main(sys.argv[2:]))
