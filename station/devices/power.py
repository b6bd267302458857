"""The machine's supply, as the Raspberry Pi's firmware and the kernel tell of it."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from station.domain.power import Power

ASK_WITHIN = 2.0
LOOK_EVERY = 10.0
SAID_FOR = 600.0
"""Seconds for which a supply that broke down is still told of: it does so for an instant, and nobody would see it."""
# Bits of vcgencmd get_throttled: what is so now, and 16 bits further what was so since the boot.
_LOW, _EARLIER = 1, 16


def firmware_word() -> Power:
    """It knows of earlier as well; a service that may not open its device hears nothing from it."""
    program = shutil.which("vcgencmd")
    if program is None:
        return Power.UNKNOWN
    try:
        asked = subprocess.Popen(
            [program, "get_throttled"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
    except OSError:
        return Power.UNKNOWN
    try:
        answer, _ = asked.communicate(timeout=ASK_WITHIN)
    except subprocess.TimeoutExpired:
        asked.kill()  # and not waited for, as subprocess.run does: one that hangs in the kernel does not end even so
        return Power.UNKNOWN
    said = re.fullmatch(r"throttled=0x([0-9a-fA-F]+)", answer.strip())
    return _power(int(said[1], 16)) if asked.returncode == 0 and said else Power.UNKNOWN


def _power(bits: int) -> Power:
    if bits & _LOW:
        return Power.LOW
    return Power.LOW_EARLIER if bits >> _EARLIER & _LOW else Power.GOOD


def kernel_alarm(root: Path = Path("/")) -> Power:
    """What the kernel's driver for the Pi's supply says now; any process may read it."""
    for name in sorted(root.glob("sys/class/hwmon/hwmon*/name")):
        try:
            if name.read_text().strip() == "rpi_volt":
                alarm = (name.parent / "in0_lcrit_alarm").read_text().strip()
                return Power.LOW if alarm == "1" else Power.GOOD
        except OSError:
            continue  # a sensor may refuse to answer: then it is as if it were not there
    return Power.UNKNOWN


def kernel_or_firmware() -> Power:
    """The kernel first: asking it starts no program."""
    alarm = kernel_alarm()
    return alarm if alarm is not Power.UNKNOWN else firmware_word()


class PowerWatch:
    """Looks every so often, and remembers that the supply was too low."""

    def __init__(self, look: Callable[[], Power] = kernel_or_firmware) -> None:
        self._look = look
        self._looked_at = self._low_at = float("-inf")
        self._found = Power.UNKNOWN

    def power(self, now: float) -> Power:
        """:param now: monotonic seconds."""
        if now - self._looked_at >= LOOK_EVERY:
            self._looked_at, self._found = now, self._look()
        if self._found is Power.LOW:
            self._low_at = now
        if now - self._low_at < SAID_FOR:
            return Power.LOW
        return Power.LOW_EARLIER if self._low_at > float("-inf") else self._found
