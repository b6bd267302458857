"""What tells this machine from every other: something of its hardware that a copy of its card does not carry along.

Not /etc/machine-id, which lies on the card. Only a digest leaves this module: serial numbers are nobody's business.
In a virtual machine this is what the hypervisor says, and its copies may say the same; in a container there is nothing.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

DIGEST_CHARACTERS = 16
_DOMAIN = b"checkpoint-station machine\0"
MAX_READ_BYTES = 64 * 1024
_LOCALLY_ADMINISTERED = 0x02
_CPU_SERIAL = re.compile(r"^serial\s*:\s*([0-9a-f]+)\s*$", re.MULTILINE)
# What makers leave where a number of its own should be.
_OF_NO_MACHINE = re.compile(r"([0f-]*|.*not.*(specified|applicable|available).*|03000200-0400-0500-0006-000700080009)")


def read_machine(root: Path = Path("/")) -> str:
    """A digest of the first of these that is there: the device tree's serial number, the mainboard's UUID, the
    processor's serial number, the address of a built-in network interface. Always the first, so that a part that is
    added changes nothing. Empty where none is known."""
    for name, read in _SOURCES.items():
        value = next((value for value in read(root) if not _OF_NO_MACHINE.fullmatch(value)), "")
        if value:
            return hashlib.sha256(_DOMAIN + f"{name}\0{value}".encode()).hexdigest()[:DIGEST_CHARACTERS]
    return ""


def _device_tree(root: Path) -> Iterator[str]:
    yield _text(root / "sys/firmware/devicetree/base/serial-number").strip("\0")


def _mainboard(root: Path) -> Iterator[str]:
    yield _text(root / "sys/class/dmi/id/product_uuid")  # where the service may read it


def _processor(root: Path) -> Iterator[str]:
    yield from _CPU_SERIAL.findall(_text(root / "proc/cpuinfo"))


def _interfaces(root: Path) -> Iterator[str]:
    """Addresses that a maker gave, of what is built in: an adapter on USB goes from machine to machine."""
    for interface in sorted(root.glob("sys/class/net/*")):
        device, address = interface / "device", _text(interface / "address")
        if not device.exists() or "/usb" in str(device.resolve()) or _text(interface / "addr_assign_type") != "0":
            continue
        first, _, _ = address.partition(":")
        if re.fullmatch("[0-9a-f]{2}", first) and not int(first, 16) & _LOCALLY_ADMINISTERED:
            yield address


_SOURCES: dict[str, Callable[[Path], Iterator[str]]] = {
    "device tree": _device_tree,
    "mainboard": _mainboard,
    "processor": _processor,
    "interface": _interfaces,
}


def _text(path: Path) -> str:
    """What a file of the kernel says, in small letters; nothing where it is not there or not ours to read."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_READ_BYTES).decode("utf-8", "replace").strip().lower()
    except OSError:
        return ""
