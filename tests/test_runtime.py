import queue
import socket
import threading
from pathlib import Path

import pytest
from waiting import until

from station.runtime import DEVICE_STALE_S, STALE_AFTER, Slot, Spread, Workers, notify_systemd, put_until


def test_a_slot_gives_the_newest_value_once() -> None:
    slot: Slot[int] = Slot()
    slot.put(1)
    slot.put(2)
    assert (slot.take(0), slot.take(0), slot.peek()) == (2, None, 2)


def test_a_slot_wakes_who_waits() -> None:
    slot: Slot[int] = Slot()
    taken: list[int | None] = []
    waiting = threading.Thread(target=lambda: taken.append(slot.take(10)))
    waiting.start()
    slot.put(7)
    waiting.join(10)
    assert taken == [7]


def test_percentiles_are_of_the_last_measurements() -> None:
    spread = Spread(10)
    for value in range(100):
        spread.add(value)
    assert (spread.percentile(0), spread.percentile(50), spread.percentile(95)) == (90, 95, 99)
    assert Spread().percentile(95) == 0


def test_one_failing_worker_ends_all_and_is_named() -> None:
    workers = Workers()
    workers.start("steady", threading.Event().is_set)

    def fail() -> None:
        raise RuntimeError("broken")

    workers.start("broken", fail)
    assert workers.wait(10)
    assert (workers.failed, str(workers.failure), workers.stop()) == ("broken", "broken", [])


def test_a_worker_that_hangs_has_a_stale_heartbeat_and_is_named_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    workers = Workers(clock=lambda: now[0])
    hang = threading.Event()
    workers.start("hanging", lambda: hang.wait(60))
    assert workers.stale() == []
    now[0] += STALE_AFTER + 1
    assert workers.stale() == ["hanging"]
    monkeypatch.setattr("station.runtime.STOP_WITHIN", 0.1)
    assert workers.stop() == ["hanging"]
    hang.set()
    until(lambda: not workers._workers[0].thread.is_alive())


def test_a_device_that_does_not_answer_is_named_and_keeps_nothing_from_the_watchdog() -> None:
    now = [0.0]
    workers = Workers(clock=lambda: now[0])
    hang = threading.Event()
    workers.start("camera 1", lambda: hang.wait(60), DEVICE_STALE_S)
    now[0] += 600
    assert (workers.stale(), workers.silent()) == ([], ["camera 1"])
    hang.set()
    until(lambda: workers.silent() == [])
    workers.stop()


def test_a_full_queue_makes_the_sender_wait_and_drops_nothing() -> None:
    inbox: queue.Queue[int] = queue.Queue(1)
    inbox.put(1)
    sender = threading.Thread(target=lambda: put_until(inbox, 2, lambda: False))
    sender.start()
    assert (inbox.get(), inbox.get(timeout=10)) == (1, 2)
    sender.join(10)


def test_a_sender_gives_up_only_when_everything_stops() -> None:
    inbox: queue.Queue[int] = queue.Queue(1)
    inbox.put(1)
    assert put_until(inbox, 2, lambda: True) is False


def test_systemd_is_told_on_its_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        notify_systemd("READY=1")
        assert systemd.recv(100) == b"READY=1"


def test_a_systemd_that_does_not_listen_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    notify_systemd("WATCHDOG=1")


def test_outside_systemd_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify_systemd("READY=1")
