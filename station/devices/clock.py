"""The system's clock, and whether the kernel believes it is synchronised."""

import ctypes
import ctypes.util
import time
from pathlib import Path

from station.clock import utc_now
from station.domain.moment import Moment

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
STA_UNSYNC = 0x0040
CHECK_EVERY = 5.0


class SystemClock:
    """Wall time trusted while the kernel's clock discipline is (chrony or timesyncd clear ``STA_UNSYNC``)."""

    def __init__(self, *, always_trusted: bool = False) -> None:
        self._always = always_trusted
        self._boot = BOOT_ID.read_text().strip().replace("-", "")[:8]
        self._trusted = always_trusted
        self._checked = float("-inf")

    def now(self) -> Moment:
        monotonic = since_boot()
        if not self._always and monotonic - self._checked > CHECK_EVERY:
            self._checked = monotonic
            self._trusted = kernel_synchronised()
        return Moment(utc_now(), self._trusted, self._boot, monotonic)


def since_boot() -> float:
    """Monotonic seconds, time asleep included: what a ``Moment`` carries."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def kernel_synchronised() -> bool:
    """Ask adjtimex(2) whether the clock is synchronised.

    struct timex begins with modes (int), offset, freq, maxerror, esterror (long), status (int); the whole is
    208 bytes on 64-bit Linux.
    """

    class Timex(ctypes.Structure):
        _fields_ = (
            ("modes", ctypes.c_int),
            ("offset", ctypes.c_long),
            ("freq", ctypes.c_long),
            ("maxerror", ctypes.c_long),
            ("esterror", ctypes.c_long),
            ("status", ctypes.c_int),
            ("rest", ctypes.c_char * 256),
        )

    state = Timex()
    libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
    if libc.adjtimex(ctypes.byref(state)) < 0:
        return False
    return not state.status & STA_UNSYNC
