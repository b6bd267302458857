"""What tells a machine from others, from files as kernels lay them out."""

from pathlib import Path

import pytest

from station.devices.machine import DIGEST_CHARACTERS, read_machine

DEVICE_TREE = {"sys/firmware/devicetree/base/serial-number": "10000000abcdef01\0"}
MAINBOARD = {"sys/class/dmi/id/product_uuid": "4C4C4544-0042-3510-8052-B4C04F4B3432\n"}
PROCESSOR = {"proc/cpuinfo": "processor\t: 0\nSerial\t\t: 00000000abcdef01\n"}
INTERFACE = {
    "sys/devices/platform/eth/uevent": "",
    "sys/class/net/eth0/address": "dc:a6:32:01:02:03\n",
    "sys/class/net/eth0/addr_assign_type": "0\n",
}


def machine(root: Path, *parts: dict[str, str]) -> str:
    for part in parts:
        for name, text in part.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            if path.name == "addr_assign_type":
                (path.parent / "device").symlink_to(root / "sys/devices/platform/eth")
    return read_machine(root)


@pytest.mark.parametrize("part", [DEVICE_TREE, MAINBOARD, PROCESSOR, INTERFACE])
def test_hardware_names_a_machine_by_a_digest_that_shows_no_serial_number(tmp_path: Path, part: dict) -> None:
    named = machine(tmp_path, part)
    assert len(named) == DIGEST_CHARACTERS
    assert not any(word in named for word in ("abcdef01", "4c4c4544", "dca632"))
    other = {name: text.replace("1", "2") for name, text in part.items()}
    assert machine(tmp_path / "other", other) not in ("", named)


def test_a_part_that_is_added_changes_nothing(tmp_path: Path) -> None:
    assert machine(tmp_path / "one", DEVICE_TREE) == machine(tmp_path / "two", DEVICE_TREE, PROCESSOR, INTERFACE)


@pytest.mark.parametrize(
    "parts",
    [
        {"etc/machine-id": "0123456789abcdef0123456789abcdef\n"},  # it lies on the card
        {"proc/cpuinfo": "processor\t: 0\nSerial\t\t: 0000000000000000\n"},
        {"sys/class/dmi/id/product_uuid": "03000200-0400-0500-0006-000700080009\n"},
        {"sys/class/dmi/id/product_uuid": "Not Settable / Not Specified\n"},
        INTERFACE | {"sys/class/net/eth0/address": "02:42:ac:11:00:02\n"},  # a container's
        INTERFACE | {"sys/class/net/eth0/addr_assign_type": "1\n"},  # drawn by chance
    ],
)
def test_what_a_copy_carries_along_or_every_machine_has_is_no_name(tmp_path: Path, parts: dict) -> None:
    assert machine(tmp_path, parts) == ""


def test_an_adapter_that_goes_from_machine_to_machine_is_no_name(tmp_path: Path) -> None:
    usb = tmp_path / "sys/devices/pci0/usb1/1-1/net"
    usb.mkdir(parents=True)
    interface = tmp_path / "sys/class/net/wlan1"
    interface.mkdir(parents=True)
    (interface / "device").symlink_to(usb)
    (interface / "address").write_text("dc:a6:32:01:02:03\n")
    (interface / "addr_assign_type").write_text("0\n")
    assert read_machine(tmp_path) == ""
