"""A WSGI application for an ASGI server: no thread is taken before a request is here with its whole body, and none is
held while a client takes its answer. (a2wsgi and hypercorn's wrapper take a thread for as long as either lasts.)"""

import asyncio
import logging
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from web_ui.server_limits import ServerLimits
from web_ui.streams import EVENT_STREAM, Pause

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, HTTPScope

log = logging.getLogger(__name__)

GATHERED_BYTES = 256 * 1024
"""Of an answer of known length this much is sent at once."""
_LONGEST_LENGTH = 15
_RETRY_AFTER_S = b"5"
_Headers = list[tuple[bytes, bytes]]


class _TooLarge(Exception):
    """The body of a request."""


class _Gone(Exception):
    """The client."""


@dataclass(slots=True)
class _Answer:
    """``first`` is sent at once; ``rest`` yields what remains, and ``body`` is what the application gave.
    All of it is asked for in one ``context``, whichever thread asks: Flask keeps a streamed page's request there."""

    status: int
    headers: _Headers
    first: bytes
    rest: Iterator[bytes] | None
    body: Iterable[bytes]
    context: Context

    @property
    def is_stream(self) -> bool:
        return any(name == b"content-type" and value.startswith(EVENT_STREAM.encode()) for name, value in self.headers)


class WsgiBridge:
    """``workers`` are threads for requests, ``streams`` for event streams: one for each that is open, or few where
    the streams pause."""

    def __init__(
        self,
        app: "WSGIApplication",
        workers: Executor,
        streams: Executor,
        limits: ServerLimits,
        stopping: asyncio.Event,
    ) -> None:
        self._app, self._workers, self._streams = app, workers, streams
        self._limits, self._stopping = limits, stopping
        self._waiting = 0

    async def __call__(self, scope: "HTTPScope", receive: "ASGIReceiveCallable", send: "ASGISendCallable") -> None:
        try:
            body = await self._body(scope, receive)
        except _TooLarge:
            await _say(send, 413, f"请求过大，最多 {self._limits.body_bytes} 字节 / the request is too large")
            return
        except _Gone:
            return
        if self._waiting >= self._limits.waiting_requests:
            await _say(send, 503, "服务器忙，请稍后再试 / the server is busy; try again soon")
        else:
            await self._respond(_environ(scope, body), receive, send)

    async def _body(self, scope: "HTTPScope", receive: "ASGIReceiveCallable") -> bytes:
        """The whole of it. :raises _TooLarge: it is, by its own word or as it comes. :raises _Gone: no more comes."""
        stated = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if len(stated.lstrip(b"0")) > _LONGEST_LENGTH or int(stated) > self._limits.body_bytes:
            raise _TooLarge
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                raise _Gone
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._limits.body_bytes:
                raise _TooLarge
        return bytes(body)

    async def _respond(
        self, environ: "WSGIEnvironment", receive: "ASGIReceiveCallable", send: "ASGISendCallable"
    ) -> None:
        loop = asyncio.get_running_loop()
        self._waiting += 1
        try:
            answer = await loop.run_in_executor(self._workers, self._answer, environ)
        except Exception:
            log.exception("%s %s failed", environ["REQUEST_METHOD"], environ["PATH_INFO"])
            await _say(send, 500, "服务器出错 / the server failed")
            return
        finally:
            self._waiting -= 1
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.first, "more_body": answer.rest is not None})
        if answer.rest is not None:
            await self._send_rest(answer, answer.rest, receive, send)

    def _answer(self, environ: "WSGIEnvironment") -> _Answer:
        context = Context()
        return context.run(self._answer_in, context, environ)

    def _answer_in(self, context: Context, environ: "WSGIEnvironment") -> _Answer:
        started: list[tuple[int, _Headers]] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> Any:
            started[:] = [(int(status[:3]), [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in headers])]

        body = self._app(environ, start_response)
        chunks = iter(body)
        first = next(chunks, None)
        answer = _Answer(*started[0], first or b"", chunks, body, context)
        if first is None or self._gather(answer, chunks):
            answer.rest = None
            _close(body)
        return answer

    def _gather(self, answer: _Answer, chunks: Iterator[bytes]) -> bool:
        """:return: whether the answer is whole. One of unknown length is sent as it is made."""
        if not any(name == b"content-length" for name, _ in answer.headers):
            return False
        gathered, size = [answer.first], len(answer.first)
        for chunk in chunks:
            gathered.append(chunk)
            size += len(chunk)
            if size >= GATHERED_BYTES:
                answer.first = b"".join(gathered)
                return False
        answer.first = b"".join(gathered)
        return True

    async def _send_rest(
        self, answer: _Answer, rest: Iterator[bytes], receive: "ASGIReceiveCallable", send: "ASGISendCallable"
    ) -> None:
        loop, threads = asyncio.get_running_loop(), self._streams if answer.is_stream else self._workers
        gone = asyncio.create_task(_until_gone(receive))
        try:
            while not gone.done() and not self._stopping.is_set():
                chunk = await loop.run_in_executor(threads, partial(answer.context.run, _next, rest))
                if chunk is None:
                    break
                if isinstance(chunk, Pause):
                    await self._pause(chunk.seconds, gone)
                elif chunk:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            if not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except Exception:
            log.exception("an answer broke off")
            raise
        finally:
            gone.cancel()
            threads.submit(answer.context.run, _close, answer.body)

    async def _pause(self, seconds: float, gone: "asyncio.Task[None]") -> None:
        """Ends early when the client has gone or the server stops."""
        stopped = asyncio.create_task(self._stopping.wait())
        await asyncio.wait((gone, stopped), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()


async def _until_gone(receive: "ASGIReceiveCallable") -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _next(rest: Iterator[bytes]) -> bytes | None:
    return next(rest, None)


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()


async def _say(send: "ASGISendCallable", status: int, text: str) -> None:
    said = f"{text}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(said)).encode()),
        (b"connection", b"close"),
        *([(b"retry-after", _RETRY_AFTER_S)] if status == 503 else []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": said, "more_body": False})


def _environ(scope: "HTTPScope", body: bytes) -> "WSGIEnvironment":
    """As PEP 3333 has it."""
    client, server = scope["client"] or ("", 0), scope["server"] or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name or name == b"transfer-encoding":  # X_Forwarded_For would pass for X-Forwarded-For
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]}{'; ' if name == b'cookie' else ','}{text}" if key in environ else text
    if body:
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ
