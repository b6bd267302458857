"""By which names, and past whom, the pages of an application may be reached.

A page elsewhere can have its own name lead to our address (DNS rebinding): its browser then takes us for that page's
own site, with every right. So a request for a name that is not ours is refused, whatever it asks for.
"""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, abort, request

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ANY_ADDRESS = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - listened on, never a name
_WILDCARD = "*."


@dataclass(frozen=True, slots=True)
class Reach:
    """``hosts`` are the names a request may be for, those of a certificate with ``*.`` too; none given is any, as it
    may be behind a proxy whose certificate stands guard over the name. ``setting`` is the key of the configuration
    that adds one. ``proxies`` are believed about whom they speak for. ``tls``: browsers come by TLS, ours or a proxy's;
    they are told to stay with it for ``hsts_days``, 0 tells them nothing. ``only_proxies``: nobody else is answered,
    because what they sent travelled in the clear.

    Flask's own TRUSTED_HOSTS takes no IPv6 address, and a loopback address may be one.
    """

    hosts: Collection[str] = LOOPBACK
    proxies: Collection[str] = ()
    tls: bool = False
    only_proxies: bool = False
    hsts_days: int = 0
    setting: str = "web.hosts in hub.toml"


def names_of(listen: str, *more: str) -> frozenset[str]:
    """Loopback's names, the address that is listened on (host:port), and ``more``."""
    host = listen.rpartition(":")[0].strip("[]").lower()
    own = frozenset() if host in _ANY_ADDRESS else frozenset({host})
    return LOOPBACK | own | {name.lower() for name in more if name}


def hold_to(app: Flask, reach: Reach) -> None:
    @app.before_request
    def refuse_what_came_another_way() -> None:
        name = host_name(request.host)
        if not name:
            abort(400, "the Host header is no name of a host")
        if reach.hosts and not _is_one_of(name, reach.hosts):
            abort(421, f"this address does not go by the name {name[:80]!r}; if it is to, add it to {reach.setting}")
        if reach.only_proxies and request.remote_addr not in reach.proxies:
            abort(403, "come through the proxy, which brings TLS")


def host_name(host: str) -> str:
    """The name in a Host header, without port and final dot; empty where there is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_one_of(name: str, hosts: Collection[str]) -> bool:
    return name in hosts or _WILDCARD + name.partition(".")[2] in hosts
