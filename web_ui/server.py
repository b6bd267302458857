"""A production WSGI server (cheroot) that starts with a clear error and stops promptly, open event streams or not."""

import logging
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cheroot import wsgi
from cheroot.server import HTTPConnection
from cheroot.ssl.builtin import BuiltinSSLAdapter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

WAITING_CONNECTIONS = 64  # connections accepted and not yet taken by a thread; beyond it they get a 503
SHUTDOWN_SECONDS = 1
# A browser that closes a page in mid-stream. Without TLS cheroot knows it for no error, with TLS it does not.
_WENT_AWAY = f"socket.error {int(ssl.SSL_ERROR_EOF)}"


class ListenError(OSError):
    """The address cannot be listened on; the message says what to do."""


class _LazyTls(BuiltinSSLAdapter):
    """Leaves the handshake to the thread that serves the connection. cheroot shakes hands where it accepts: there one
    browser that says nothing keeps all the others out for ten seconds."""

    def wrap(self, sock: socket.socket) -> tuple[socket.socket, dict[str, str]]:
        return self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False), {}


class _Connection(HTTPConnection):
    def communicate(self) -> bool:
        """:return: whether the connection is kept open."""
        if isinstance(self.socket, ssl.SSLSocket):
            try:
                self.socket.do_handshake()  # does nothing the second time
            except OSError:  # silence, a plain request, a browser that does not trust the certificate: theirs to tell
                return False
        kept: bool = super().communicate()  # type: ignore[no-untyped-call]
        return kept


class _Cheroot(wsgi.Server):
    ConnectionClass = _Connection

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        if msg != _WENT_AWAY:
            log.log(level, msg, exc_info=traceback)


class Server:
    """``start`` returns once connections are accepted; ``stop`` returns within two seconds.

    An event stream ends at ``stop`` if it yields at least every half second; ``b""`` will do and sends nothing.
    """

    def __init__(
        self, app: "WSGIApplication", host: str, port: int, threads: int, tls: tuple[str, str] | None = None
    ) -> None:
        self._app = app
        self._stopping = threading.Event()
        self._cheroot = _Cheroot(
            (host, port),
            self._respond,
            numthreads=threads,
            max=threads,
            server_name="station",
            request_queue_size=WAITING_CONNECTIONS,
            accepted_queue_size=WAITING_CONNECTIONS,
            accepted_queue_timeout=1,
            shutdown_timeout=SHUTDOWN_SECONDS,
        )
        if tls is not None:
            self._cheroot.ssl_adapter = _LazyTls(*tls)
        self._thread = threading.Thread(target=self._cheroot.serve, name="web", daemon=True)

    @property
    def address(self) -> str:
        """Where it listens, as host:port; the real port once started on port 0."""
        host, port = self._cheroot.bind_addr[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        try:
            self._cheroot.prepare()
        except OSError as error:
            reason = str(error).rpartition("] ")[2].rstrip(")")  # cheroot wraps the system's words in its own
            raise ListenError(
                f"cannot listen on {self.address}: {reason}; stop the program that uses it or set another listen"
            ) from error
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._cheroot.stop()
        if self._thread.is_alive():
            self._thread.join(SHUTDOWN_SECONDS)

    def _respond(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return self._until_stopped(self._app(environ, start_response))

    def _until_stopped(self, body: Iterable[bytes]) -> Iterator[bytes]:
        try:
            for chunk in body:
                yield chunk
                if self._stopping.is_set():
                    break
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()


def serve(app: "WSGIApplication", listen: str, threads: int, tls: tuple[str, str] | None = None) -> Server:
    """A server for ``app`` on ``listen`` (host:port), yet to be started. Every open event stream takes a thread.

    :param tls: the files of a certificate with its chain and of its key; without them the server speaks plain HTTP.
    """
    host, _, port = listen.rpartition(":")
    return Server(app, host.strip("[]"), int(port), threads, tls)
