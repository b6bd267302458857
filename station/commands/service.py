"""What running a station and running a hub have in common: start, say ``ready``, watch, stop in reverse."""

import os
import signal
import sys
import threading
import traceback
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from typing import Protocol

from station.commands import DONE, CommandError, WebServer
from station.runtime import Workers, notify_systemd

WATCH_EVERY = 1.0
CRASHED = 3


class Service(Protocol):
    workers: Workers

    def start(self) -> None: ...

    def close(self) -> list[str]:
        """Stop in reverse. :return: workers that did not end in time."""
        ...


def serve_until_told(service: Service, webs: Mapping[str, WebServer]) -> int:
    """Run until SIGTERM or SIGINT, or until a thread fails.

    :param webs: each under the key of the configuration that says where it listens.
    :raises CommandError: the web address cannot be listened on.
    :return: 0, or ``CRASHED`` when a thread failed; its traceback is in the journal and systemd restarts us.
    """
    asked = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: asked.set())
    with ExitStack() as serving:
        for listen_key, web in webs.items():
            try:
                web.start()
            except OSError as error:
                service.close()
                raise CommandError(f"{listen_key}: {error}") from None
            serving.callback(web.stop)
        service.start()
        print("ready", flush=True)
        notify_systemd("READY=1")
        _watch(service.workers, webs.values(), asked)
        notify_systemd("STOPPING=1")
        hanging = service.close()
    return _verdict(service.workers, hanging)


def _watch(workers: Workers, webs: Collection[WebServer], asked: threading.Event) -> None:
    """Ping systemd's watchdog only while every heartbeat is fresh and the web servers live."""
    while not asked.wait(WATCH_EVERY) and not workers.wait(0):
        stale = workers.stale() + ([] if all(web.alive for web in webs) else ["web"])
        if stale:
            print(f"no heartbeat from: {', '.join(stale)}", file=sys.stderr, flush=True)
        else:
            notify_systemd("WATCHDOG=1")


def _verdict(workers: Workers, hanging: list[str]) -> int:
    """A crash of one thread ended all: tell it with its traceback, so that systemd's journal has it."""
    if workers.failure is not None:
        print(f"the thread {workers.failed!r} failed:", file=sys.stderr)
        traceback.print_exception(workers.failure)
    code = CRASHED if workers.failure is not None else DONE
    if hanging:
        print(f"did not end in time: {', '.join(hanging)}", file=sys.stderr, flush=True)
        # A thread that hangs in a driver would abort the interpreter's own clearing up; everything is on disk.
        os._exit(code)
    return code
