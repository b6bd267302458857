"""By which names, and past whom, the pages may be reached."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, abort, request

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Reach:
    """``hosts`` are the names a request may be for; none given is any, as it may be where a certificate stands guard
    over the name. ``proxies`` are believed about whom they speak for. ``tls``: browsers come by TLS, ours or a
    proxy's. ``only_proxies``: nobody else is answered, because what they sent travelled in the clear.

    Flask's own TRUSTED_HOSTS takes no IPv6 address, and a loopback address may be one.
    """

    hosts: Collection[str] = LOOPBACK
    proxies: Collection[str] = ()
    tls: bool = False
    only_proxies: bool = False


def hold_to(app: Flask, reach: Reach) -> None:
    @app.before_request
    def refuse_what_came_another_way() -> None:
        if reach.hosts and urlsplit(f"//{request.host}").hostname not in reach.hosts:
            abort(421, "the hub does not go by this name; add it to web.hosts in hub.toml")
        if reach.only_proxies and request.remote_addr not in reach.proxies:
            abort(403, "come through the proxy, which brings TLS")
