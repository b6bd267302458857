"""uvicorn's HTTP/1.1 with bounds: uvicorn has a deadline for idle connections and none for a request or an answer
under way, and with httptools no bound of a header (https://uvicorn.dev/settings/, 0.54)."""

import asyncio
import socket
import struct
from enum import Enum, auto
from http import HTTPStatus
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from web_ui.connections import Connection, Connections
from web_ui.server_limits import MAX_PIPELINED_REQUESTS, MIN_WRITE_BYTES, ServerLimits

_TOLD = {
    HTTPStatus.BAD_REQUEST: "请求有误 / bad request",
    HTTPStatus.REQUEST_URI_TOO_LONG: "网址过长 / the address is too long",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "请求头过大 / the header is too large",
}


class ProtocolConfig(uvicorn.Config):
    """What uvicorn hands to each connection, with the bounds."""

    limits: ServerLimits
    open_connections: Connections


class _Refused(Exception):
    """httptools ends the parsing and uvicorn answers 400, for which ``send_400_response`` has the status."""


class _Awaited(Enum):
    """What the server waits for of the client."""

    REQUEST = auto()
    HEADER = auto()
    BODY = auto()
    NOTHING = auto()


class BoundedProtocol(HttpToolsProtocol):
    config: ProtocolConfig

    def __init__(self, config: ProtocolConfig, **more: Any) -> None:
        super().__init__(config=config, **more)
        self._limits = config.limits
        self._connection: Connection | None = None
        self._awaited = _Awaited.HEADER
        self._refusal = HTTPStatus.BAD_REQUEST
        self._received = self._header = 0
        self._reading: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None

    # What asyncio calls.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        self._connection = self.config.open_connections.find(peer) if peer else None
        if self._connection is None:  # displaced during the handshake
            transport.abort()
            return
        self._await(_Awaited.HEADER, self._limits.header_timeout_s)

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._reading, self._writing):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._awaited is _Awaited.REQUEST:
            self._await(_Awaited.HEADER, self._limits.header_timeout_s)
        super().data_received(data)
        if self._awaited is _Awaited.HEADER and not self.transport.is_closing():
            self._received += len(data)
            if self._received > self._limits.header_bytes:  # of one field that does not end httptools tells nothing
                self._refusal = self._refusal_of_size()
                self.send_400_response("")

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._connection is not None:
            self._connection.answering = False
        self._watch_writing(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._writing is not None:
            self._writing.cancel()
        if self._connection is not None:
            self._connection.answering = self._awaited is _Awaited.NOTHING

    # What httptools calls.

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._received = self._header = 0
        self._await(_Awaited.HEADER, self._limits.header_timeout_s)

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self._limits.request_line_bytes:
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._header += len(name) + len(value) + len(b": \r\n")
        if self._header + len(self.url) > self._limits.header_bytes:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        if len(self.pipeline) >= MAX_PIPELINED_REQUESTS:
            self._refuse(HTTPStatus.BAD_REQUEST)
        super().on_headers_complete()
        self._await(_Awaited.BODY, self._limits.body_timeout_s)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._await(_Awaited.NOTHING)
        if self._connection is not None:
            self._connection.answering = True

    # What uvicorn calls.

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._connection is not None:
            self.config.open_connections.answered(self._connection)
        if self._awaited is _Awaited.NOTHING or self.transport.is_closing():
            # uvicorn closes an idle connection in time, and lets a client take as long as it likes for the last bytes.
            self._await(_Awaited.REQUEST, self._limits.keep_alive_timeout_s + self._limits.write_timeout_s)

    def send_400_response(self, msg: str) -> None:
        """For every request that cannot be read, with the status that says why."""
        del msg
        said = f"{_TOLD[self._refusal]}\n".encode()
        head = (
            f"HTTP/1.1 {self._refusal.value} {self._refusal.phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
            f"content-length: {len(said)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + said)
        self.transport.close()

    def _refuse(self, status: HTTPStatus) -> None:
        self._refusal = status
        raise _Refused

    def _refusal_of_size(self) -> HTTPStatus:
        """Which part of the header has not ended."""
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE if self._header else HTTPStatus.REQUEST_URI_TOO_LONG

    def _await(self, awaited: _Awaited, timeout_s: float | None = None) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        self._awaited = awaited
        if timeout_s is not None:
            self._reading = self.loop.call_later(timeout_s, self.transport.abort)

    def _watch_writing(self, size: int) -> None:
        """:param size: the bytes that the client had not taken when this was looked at last."""
        if self._writing is not None:
            self._writing.cancel()
        self._writing = self.loop.call_later(self._limits.write_timeout_s, self._look_at_writing, size)

    def _look_at_writing(self, before: int) -> None:
        size = self.transport.get_write_buffer_size()
        if size > before - MIN_WRITE_BYTES:
            self._reset()
        else:
            self._watch_writing(size)

    def _reset(self) -> None:
        """Close without what the client does not take: the system would keep it in its buffers for minutes."""
        if self._connection is not None:
            self._connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()
