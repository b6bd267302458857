"""The machine itself, as ``station doctor`` finds it: power, heat, time. Every figure is read below ``root``."""

import platform
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import cv2

from station.commands.doctor_check import Check
from station.devices.clock import kernel_synchronised
from station.devices.power import firmware_word, kernel_alarm
from station.domain.condition import Condition
from station.domain.power import Power
from station.version import SOFTWARE

HOT_FROM = 80.0  # degrees Celsius: from here on a Raspberry Pi slows itself down
ASK_WITHIN = 5.0
SYSTEM_PATH = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"
_POWER_REMEDY = "take the power supply made for this Raspberry Pi, and a short cable"


def look_at_machine(root: Path = Path("/")) -> Iterator[Check]:
    yield Check("machine", True, f"{platform.machine()}, Python {platform.python_version()}, {SOFTWARE}")
    yield Check("libraries", True, f"OpenCV {cv2.__version__}, zxing-cpp {version('zxing-cpp')}")
    broker = shutil.which("mosquitto", path=SYSTEM_PATH)
    yield Check("mosquitto", True if broker else None, broker or "not installed (needed on a hub and for the demo)")
    yield _temperature(root)
    yield _power(root)
    yield _battery_clock(root)


def look_at_clock() -> Check:
    source = _time_source()
    if kernel_synchronised():
        return Check("clock", True, f"synchronised{source}")
    remedy = "start chrony or systemd-timesyncd; until then passes are held for the operator"
    return Check("clock", False, f"not synchronised{source}", remedy)


def _temperature(root: Path) -> Check:
    readings = [int(text) / 1000 for text in _texts(root, "sys/class/thermal/thermal_zone*/temp")]
    if not readings:
        return Check("temperature", None, "no sensor", condition=Condition.TEMPERATURE_UNKNOWN)
    hottest = max(readings)
    found, values = f"{hottest:.0f} °C", {"celsius": round(hottest)}
    if hottest >= HOT_FROM:
        remedy = "give it air or a heat sink; it slows itself down"
        return Check("temperature", False, found, remedy, Condition.TEMPERATURE_HOT, values)
    return Check("temperature", True, found, condition=Condition.TEMPERATURE_GOOD, values=values)


def _power(root: Path) -> Check:
    """The firmware's own word where there is one, else the kernel's alarm."""
    said = firmware_word()
    match kernel_alarm(root) if said is Power.UNKNOWN else said:
        case Power.LOW:
            return Check("power", False, "undervoltage now", _POWER_REMEDY)
        case Power.LOW_EARLIER:
            return Check("power", False, "undervoltage since the boot", _POWER_REMEDY)
        case Power.GOOD:
            return Check("power", True, "no undervoltage")
        case Power.UNKNOWN:
            return Check("power", None, "no Raspberry Pi: nothing measures it")


def _battery_clock(root: Path) -> Check:
    """Without one a station that boots without a network holds every pass whose validity is a matter of time."""
    name, clocks = "battery-backed clock", [text.strip() for text in _texts(root, "sys/class/rtc/rtc*/name")]
    if not clocks:
        return Check(name, None, "none; see docs/installing.md", condition=Condition.BATTERY_CLOCK_NONE)
    return Check(name, True, ", ".join(clocks), condition=Condition.BATTERY_CLOCK_THERE)


def _time_source() -> str:
    """Where chrony has the time from: the second field of its tracking report is the server's name."""
    fields = _answer("chronyc", "-c", "tracking").split(",")
    return f" from {fields[1]} (stratum {fields[2]})" if len(fields) > 2 and fields[1] else ""


def _answer(program: str, *arguments: str) -> str:
    """What a program of the system says; empty where it is not there or knows nothing."""
    found = shutil.which(program)
    if found is None:
        return ""
    try:
        asked = subprocess.run([found, *arguments], capture_output=True, text=True, timeout=ASK_WITHIN, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""


def _texts(root: Path, pattern: str) -> Iterator[str]:
    """A sensor may refuse to answer: then it is as if it were not there."""
    for path in sorted(root.glob(pattern)):
        try:
            yield path.read_text()
        except OSError:
            continue
