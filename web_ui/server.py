"""A production server for WSGI applications: uvicorn with httptools on an event loop in a thread of its own.

Chosen in December 2026 among what is well kept, by documentation, source and measurement:

- cheroot, which was here before, reads headers and bodies on its worker threads: slow clients take them all.
- waitress speaks no TLS, and its one deadline starts anew with each byte.
- hypercorn has a deadline for headers, and took 1.8 times cheroot's time for a tap (0.6 ms; 1.1 ms).
- granian runs no WSGI application inside another process, and has no bound for one client.
- uvicorn with httptools takes cheroot's time (0.68 ms; 0.64 ms), and its HTTP protocol can be extended by the deadlines
  that it lacks: ``http_protocol.py``. Which connection gives way to a new one is said in ``connections.py``.
"""

import asyncio
import logging
import ssl
import threading
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, cast

import uvicorn

from web_ui.connections import Connections, Listener, listen
from web_ui.http_protocol import BoundedProtocol, ProtocolConfig
from web_ui.server_limits import ServerLimits
from web_ui.wsgi import WsgiBridge

if TYPE_CHECKING:
    import socket

    from _typeshed.wsgi import WSGIApplication

__all__ = ["ListenError", "Server", "ServerLimits", "serve"]

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 2.0
_GRACE_S = 1
_DEFAULT = ServerLimits()


class ListenError(OSError):
    """The address cannot be listened on; the message says what to do."""


class Server:
    """``start`` returns once connections are accepted; ``stop`` returns within two seconds.

    An event stream ends at ``stop`` if it yields at least every half second; ``b""`` will do and sends nothing.
    """

    def __init__(
        self,
        app: "WSGIApplication",
        host: str,
        port: int,
        threads: int,
        tls: tuple[str, str] | None = None,
        limits: ServerLimits = _DEFAULT,
        proxies: Collection[str] = (),
    ) -> None:
        """:raises OSError: the certificate or its key cannot be used."""
        self._app, self._host, self._port, self._limits = app, host, port, limits
        self._tls = None if tls is None else _context(*tls)
        self._connections = Connections(limits, proxies)
        self._workers = ThreadPoolExecutor(threads, "web-request")
        self._streams = ThreadPoolExecutor(limits.stream_threads, "web-stream")
        self._uvicorn: _Uvicorn | None = None
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)

    @property
    def address(self) -> str:
        """Where it listens, as host:port; the real port once started on port 0."""
        return f"[{self._host}]:{self._port}" if ":" in self._host else f"{self._host}:{self._port}"

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        """:raises ListenError: the address cannot be listened on."""
        try:
            self._listener = listen(self._host, self._port, self._connections)
        except OSError as error:
            raise ListenError(
                f"cannot listen on {self.address}: {error.strerror or error}; "
                "stop the program that uses it or set another listen"
            ) from error
        self._port = self._listener.getsockname()[1]
        self._uvicorn = _Uvicorn(self._config(), self._listener)
        self._thread.start()
        if not self._uvicorn.accepting.wait(START_TIMEOUT_S):
            raise ListenError(f"cannot serve on {self.address}: the server did not start in {START_TIMEOUT_S:.0f} s")

    def stop(self) -> None:
        if self._uvicorn is not None:
            self._uvicorn.should_exit = True
            self._thread.join(STOP_TIMEOUT_S)
        self._workers.shutdown(wait=False, cancel_futures=True)
        self._streams.shutdown(wait=False)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        assert self._uvicorn is not None
        bridge = WsgiBridge(self._app, self._workers, self._streams, self._limits, self._uvicorn.stopping)
        self._uvicorn.config.app = bridge
        try:
            await self._uvicorn.serve(sockets=[cast("socket.socket", self._listener)])
        finally:
            self._connections.close_all()
            for connection in list(self._uvicorn.server_state.connections):
                connection.transport.abort()
            await asyncio.sleep(0)  # the transports close their sockets

    def _config(self) -> ProtocolConfig:
        config = ProtocolConfig(
            self._app,
            http=BoundedProtocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level=logging.CRITICAL,  # its errors are those of clients, which anybody can make by the thousand
            access_log=False,
            proxy_headers=False,  # who is believed is the application's to say
            headers=[("server", "station")],
            timeout_keep_alive=self._limits.keep_alive_timeout_s,
            timeout_graceful_shutdown=_GRACE_S,
            ssl_context_factory=None if self._tls is None else (lambda *_: cast(ssl.SSLContext, self._tls)),
        )
        config.limits, config.open_connections = self._limits, self._connections
        return config


class _Uvicorn(uvicorn.Server):
    """Listens with a deadline for the TLS handshake, for which uvicorn has no setting."""

    config: ProtocolConfig

    def __init__(self, config: ProtocolConfig, listener: Listener) -> None:
        super().__init__(config)
        self._listener = listener
        self.accepting = threading.Event()
        self.stopping = asyncio.Event()

    async def startup(self, sockets: "list[socket.socket] | None" = None) -> None:
        del sockets
        protocol = partial(
            BoundedProtocol, config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        timeout = self.config.limits.handshake_timeout_s if self.config.ssl else None
        server = await asyncio.get_running_loop().create_server(
            protocol, sock=self._listener, ssl=self.config.ssl, ssl_handshake_timeout=timeout
        )
        self.servers = [server]
        self.started = True
        self.accepting.set()

    async def shutdown(self, sockets: "list[socket.socket] | None" = None) -> None:
        self.stopping.set()
        with suppress(asyncio.CancelledError):
            await super().shutdown(sockets)


def serve(
    app: "WSGIApplication",
    listen: str,
    threads: int,
    tls: tuple[str, str] | None = None,
    limits: ServerLimits = _DEFAULT,
    proxies: Collection[str] = (),
) -> Server:
    """A server for ``app`` on ``listen`` (host:port), yet to be started.

    :param threads: for requests; event streams have threads of their own, ``limits.stream_threads``.
    :param tls: the files of a certificate with its chain and of its key; without them the server speaks plain HTTP.
    :param proxies: addresses through which the requests of many come.
    :raises OSError: the certificate or its key cannot be used.
    """
    host, _, port = listen.rpartition(":")
    return Server(app, host.strip("[]"), int(port), threads, tls, limits, proxies)


def _context(cert: str, key: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    context.set_alpn_protocols(["http/1.1"])
    return context
