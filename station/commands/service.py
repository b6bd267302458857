"""What running a station and running a hub have in common: start, say ``ready``, watch, stop in reverse."""

import faulthandler
import os
import signal
import sys
import threading
import traceback
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from typing import Protocol

from station.commands import DONE, CommandError, WebServer
from station.runtime import Workers, notify_starting, notify_systemd

WATCH_EVERY = 1.0
END_TIMEOUT_S = 15.0
CRASHED = 3
BEGIN_AGAIN = -1
"""No exit code: the service ended itself, to be made anew in this process."""


class Service(Protocol):
    workers: Workers

    def start(self) -> None: ...

    def close(self) -> list[str]:
        """Stop in reverse. :return: workers that did not end in time."""
        ...


def serve_until_told(service: Service, webs: Mapping[str, WebServer]) -> int:
    """Run until SIGTERM or SIGINT, or until a thread fails. From either on the process ends within ``END_TIMEOUT_S``.

    :param webs: each under the key of the configuration that says where it listens.
    :raises CommandError: the web address cannot be listened on.
    :return: 0, ``BEGIN_AGAIN`` when the service ended itself, or ``CRASHED`` when a thread failed; its traceback is in
        the journal and systemd restarts us.
    """
    asked, before = threading.Event(), set(threading.enumerate())
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: asked.set())
    with ExitStack() as serving:
        for listen_key, web in webs.items():
            notify_starting(listen_key)
            try:
                web.start()
            except OSError as error:
                service.close()
                raise CommandError(f"{listen_key}: {error}") from None
            serving.callback(web.stop)
        notify_starting("threads")
        service.start()
        print("ready", flush=True)
        notify_systemd("READY=1\nSTATUS=")
        _watch(service.workers, webs.values(), asked)
        if asked.is_set():
            notify_systemd("STOPPING=1")
        code = _code(service.workers, asked)
        deadline = _end_in_time(code)
        _tell_failure(service.workers)
        hanging = _close(service)
    _check_ended(code, hanging + _left_over(before))
    deadline.cancel()
    return code


def _end_in_time(code: int) -> threading.Timer:
    """Whatever is stuck (a driver, a request that waits for a thread which died, a database that does not answer) holds
    up the end of the process for ``END_TIMEOUT_S`` and no longer: what is written down is on disk already."""

    def end() -> None:
        print(f"did not end within {END_TIMEOUT_S:g} s; every thread stands at:", file=sys.stderr, flush=True)
        faulthandler.dump_traceback(all_threads=True)
        os._exit(_exit_code(code))

    timer = threading.Timer(END_TIMEOUT_S, end)
    timer.daemon = True
    timer.start()
    return timer


def _close(service: Service) -> list[str]:
    """Close what can be closed: a part that died is in no state to be relied upon, and the process ends anyhow."""
    try:
        return service.close()
    except Exception:
        if service.workers.failure is None:
            raise
        traceback.print_exc()
        return []


def _left_over(before: Collection[threading.Thread]) -> list[str]:
    """Threads of this run that Python would wait for without end."""
    return [one.name for one in threading.enumerate() if one not in before and not one.daemon]


def _watch(workers: Workers, webs: Collection[WebServer], asked: threading.Event) -> None:
    """Ping systemd's watchdog only while every heartbeat is fresh and the web servers live."""
    while not asked.wait(WATCH_EVERY) and not workers.wait(0):
        stale = workers.stale() + ([] if all(web.alive for web in webs) else ["web"])
        if stale:
            print(f"no heartbeat from: {', '.join(stale)}", file=sys.stderr, flush=True)
        else:
            notify_systemd("WATCHDOG=1")


def _tell_failure(workers: Workers) -> None:
    """A crash of one thread ended all: tell it with its traceback at once, so that systemd's journal has it whatever
    becomes of the rest."""
    if workers.failure is not None:
        print(f"the thread {workers.failed!r} failed:", file=sys.stderr)
        traceback.print_exception(workers.failure)
        sys.stderr.flush()


def _code(workers: Workers, asked: threading.Event) -> int:
    if workers.failure is not None:
        return CRASHED
    return DONE if asked.is_set() else BEGIN_AGAIN


def _exit_code(code: int) -> int:
    """A service that cannot begin again in this process is for systemd to start again."""
    return CRASHED if code == BEGIN_AGAIN else code


def _check_ended(code: int, hanging: list[str]) -> None:
    if hanging:
        print(f"did not end in time: {', '.join(hanging)}", file=sys.stderr, flush=True)
        # A thread that hangs in a driver would abort the interpreter's own clearing up; everything is on disk.
        os._exit(_exit_code(code))
