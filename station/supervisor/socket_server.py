"""The station's end of the socket: one thread, which answers one request at a time and then pauses.

Not the HTTP server of the pages: an event loop reads whatever comes as fast as it comes, and refusing costs it as much
as answering. Here what the view sends waits in the kernel until the thread takes it. A view that was broken into, or
that floods, takes of the station ``CPU_SHARE`` of one processor, 50 requests a second, and a short queue of the kernel.
"""

import logging
import socket
import time
from collections.abc import Callable
from pathlib import Path

from station.supervisor.protocol import (
    MAX_REPLY_BYTES,
    MAX_REQUEST_BYTES,
    Failed,
    ProtocolError,
    Reply,
    Request,
    decode_request,
    encode,
)

log = logging.getLogger(__name__)

MAX_WAITING = 16
"""Connections that the kernel keeps for the thread; one more is refused at once."""
ACCEPT_TIMEOUT_S = 0.5
REQUEST_TIMEOUT_S = 0.5
REOPEN_INTERVAL_S = 2.0
MIN_PAUSE_S = 0.02
CPU_SHARE = 0.2
SILENT_S = 60.0
"""A view asks several times a second."""
LOG_INTERVAL_S = 60.0
MODE = 0o660


class SocketServer:
    """``step`` is for a worker's thread, ``fault`` for any."""

    def __init__(
        self,
        path: Path,
        handle: Callable[[Request], Reply],
        wait: Callable[[float], object],
        *,
        clock: Callable[[], float] = time.monotonic,
        cpu_clock: Callable[[], float] = time.thread_time,
    ) -> None:
        """
        :param path: of the socket; whoever may open its folder and is of our group may ask.
        :param wait: sleeps so many seconds, or until the station ends.
        :param cpu_clock: seconds of processor time that the calling thread has taken.
        """
        self._path, self._handle, self._wait = path, handle, wait
        self._clock, self._cpu_clock = clock, cpu_clock
        self._listener: socket.socket | None = None
        self._not_listening = ""
        self._requested_at = clock()
        self._logged = float("-inf")

    @property
    def fault(self) -> str:
        """Why supervisors cannot look; empty while a view asks."""
        if self._not_listening:
            return self._not_listening
        if self._clock() - self._requested_at > SILENT_S:
            return "no view asks: see systemctl status station-supervisor and journalctl -u station-supervisor"
        return ""

    def step(self) -> None:
        """Answer one request, if one comes in half a second, and pause."""
        listener = self._listener or self._listen()
        if listener is None:
            self._wait(REOPEN_INTERVAL_S)
            return
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            return
        except OSError as error:  # no descriptor is left, or it came and went
            self._log("a connection could not be taken: %s", error)
            self._wait(REOPEN_INTERVAL_S)
            return
        before = self._cpu_clock()
        with connection:
            self._serve(connection)
        self._wait(max(MIN_PAUSE_S, (self._cpu_clock() - before) * (1 - CPU_SHARE) / CPU_SHARE))

    def close(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._path.unlink(missing_ok=True)

    def _listen(self) -> socket.socket | None:
        """None while it cannot be listened; ``fault`` then says why."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._path.unlink(missing_ok=True)  # of a station that was killed
            listener.bind(str(self._path))
            self._path.chmod(MODE)
            listener.listen(MAX_WAITING)
        except OSError as error:
            listener.close()
            self._not_listening = (
                f"supervisor.socket: {self._path}: {error.strerror}; give a folder that this user may write"
            )
            return None
        listener.settimeout(ACCEPT_TIMEOUT_S)
        self._listener, self._not_listening = listener, ""
        return listener

    def _serve(self, connection: socket.socket) -> None:
        try:
            connection.settimeout(REQUEST_TIMEOUT_S)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MAX_REPLY_BYTES)
            connection.send(self._reply(connection.recv(MAX_REQUEST_BYTES + 1)))
        except OSError as error:  # it says nothing, has gone, or takes nothing
            self._log("a request was not answered: %s", error)

    def _reply(self, packet: bytes) -> bytes:
        try:
            request = decode_request(packet)
            reply = encode(self._handle(request))
        except ProtocolError as error:
            return encode(Failed(f"no request: {error}"[:200]))
        except Exception as error:  # noqa: BLE001 - as in a web server, what fails costs this one request and no lane
            self._log("a request failed", error=error)
            return encode(Failed("the station made a mistake; its log says which"))
        self._requested_at = self._clock()
        if len(reply) > MAX_REPLY_BYTES:
            self._log("a reply of %d bytes is too long", len(reply))
            return encode(Failed("the reply is too long"))
        return reply

    def _log(self, text: str, *values: object, error: Exception | None = None) -> None:
        """Of what the view may cause as often as it likes, one line a minute."""
        if self._clock() - self._logged >= LOG_INTERVAL_S:
            self._logged = self._clock()
            log.warning(f"supervisors' view: {text}", *values, exc_info=error)
