"""A network namespace whose packets vanish: a default route, name servers and search domains, and nobody answers."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

_ADDRESS, _NAME_SERVERS = "10.99.0.2/24", ("10.99.0.53", "10.99.0.54")
_RESOLV_CONF = (
    "".join(f"nameserver {one}\n" for one in _NAME_SERVERS) + "search gate.example town.example county.example\n"
)


def missing() -> str:
    """Why there can be no such namespace; empty when there can."""
    if shutil.which("ip") is None:
        return "network namespaces need iproute2: apt-get install iproute2"
    if os.geteuid() != 0:
        return "network namespaces need root; CI runs as root"
    name = _free_name()
    try:
        _ip("netns", "add", name)
        _ip("-n", name, "link", "add", "vanish", "type", "veth", "peer", "name", "nowhere")
    except subprocess.CalledProcessError as refused:
        return f"network namespaces are not permitted here: {refused.stderr.strip()}"
    finally:
        subprocess.run(["ip", "netns", "delete", name], capture_output=True)
    return ""


class DeadNetwork:
    """``prefix`` before a command runs it inside. Loopback works; everything else goes out by one end of a link,
    without ARP, so that nothing is told to be unreachable, and nobody listens at the other end."""

    def __init__(self) -> None:
        self.name = _free_name()
        self._etc = Path("/etc/netns") / self.name
        self._etc.mkdir(parents=True)
        (self._etc / "resolv.conf").write_text(_RESOLV_CONF)
        _ip("netns", "add", self.name)
        self.prefix = ("ip", "netns", "exec", self.name)
        for words in (
            ("link", "set", "lo", "up"),
            ("link", "add", "vanish", "type", "veth", "peer", "name", "nowhere"),
            ("link", "set", "vanish", "arp", "off"),
            ("link", "set", "nowhere", "up"),
            ("addr", "add", _ADDRESS, "dev", "vanish"),
            ("link", "set", "vanish", "up"),
            ("route", "add", "default", "dev", "vanish"),
        ):
            _ip("-n", self.name, *words)

    def remove(self) -> None:
        _ip("netns", "delete", self.name)
        shutil.rmtree(self._etc)


def _free_name() -> str:
    return Path(tempfile.mktemp(prefix="dead-", dir="/etc/netns")).name


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)
