"""Thermometers on a serial line (pyserial on a real pseudo terminal) and on the network (a real HTTP server)."""

import json
import os
import pty
import threading
import tty
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from waiting import until

from station.config import HttpThermometerConfig, SerialThermometerConfig
from station.devices import DeviceError
from station.devices.thermometer import http, reopening, serial
from station.devices.thermometer.http import HttpThermometer
from station.devices.thermometer.reopening import ReopeningThermometer
from station.devices.thermometer.serial import SerialThermometer


class Line:
    """A sensor at the other end of a serial line: answers each request, or talks on."""

    def __init__(self) -> None:
        self.end, other = pty.openpty()
        tty.setraw(other)
        self.device = os.ttyname(other)
        self._other = other
        self._thread: threading.Thread | None = None

    def say(self, text: str) -> None:
        os.write(self.end, text.encode())

    def answer(self, with_text: Callable[[bytes], str]) -> None:
        def serve() -> None:
            asked = os.read(self.end, 64)
            os.write(self.end, with_text(asked).encode())

        self._thread = threading.Thread(target=serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        if self._thread is not None:
            self._thread.join(5)
        os.close(self.end)
        os.close(self._other)


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.close()


def test_a_sensor_that_is_asked_answers_with_a_number(line: Line) -> None:
    made = SerialThermometer(SerialThermometerConfig(device=line.device, request="READ\n", pattern=r"T=(\d+\.\d+)"))
    for celsius in ("36.6", "37.9"):
        line.answer(lambda asked, celsius=celsius: f"ok {asked.decode()!r} T={celsius} C\n")
        assert made.read() == float(celsius)
    made.close()


def test_what_came_before_it_was_asked_is_another_persons(line: Line) -> None:
    made = SerialThermometer(SerialThermometerConfig(device=line.device, request="?", offset=0.5))
    line.say("39.90\n")
    line.answer(lambda asked: "36.12\n")
    assert made.read() == 36.6


def test_of_one_that_talks_by_itself_half_a_line_is_not_taken_for_a_whole(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = serial.serial.Serial.reset_input_buffer

    def emptied_in_the_middle_of_a_line(port: serial.serial.Serial) -> None:
        empty(port)
        line.say("8.54\nstatus ok\n36.12\n")

    monkeypatch.setattr(serial.serial.Serial, "reset_input_buffer", emptied_in_the_middle_of_a_line)
    made = SerialThermometer(SerialThermometerConfig(device=line.device, offset=0.1))
    assert made.read() == 36.2
    made.close()


def test_a_silent_one_is_a_fault_after_a_second(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serial, "ANSWERS_WITHIN", 0.05)
    made = SerialThermometer(SerialThermometerConfig(device=line.device, request="?"))
    with pytest.raises(DeviceError, match=rf"thermometer {line.device}: no measurement within .*; check its cable"):
        made.read()
    made.close()


def test_a_device_that_is_not_there_is_told_in_one_line() -> None:
    made = SerialThermometer(SerialThermometerConfig(device="/dev/ttyNOTHING"))
    with pytest.raises(DeviceError, match=r"thermometer /dev/ttyNOTHING: .*No such file") as caught:
        made.read()
    assert "\n" not in str(caught.value)
    made.close()


class Answers(BaseHTTPRequestHandler):
    body = b"{}"
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(http, "ANSWERS_WITHIN", 5.0)
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/temperature"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_network_sensors_number_is_read_by_its_name(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answers, "body", json.dumps({"celsius": 36.55, "body": "37.1", "room": 21}).encode())
    assert HttpThermometer(HttpThermometerConfig(url=url, offset=0.3)).read() == 36.8
    assert HttpThermometer(HttpThermometerConfig(url=url, member="body")).read() == 37.1
    assert HttpThermometer(HttpThermometerConfig(url=url, member="room")).read() is None


@pytest.mark.parametrize(
    "body", [b"", b"36.6", b"[36.6]", b'{"celsius": null}', b'{"celsius": "warm"}', b"<html>", b"\xff"]
)
def test_an_answer_without_the_number_is_a_fault(url: str, body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answers, "body", body)
    with pytest.raises(DeviceError, match="its answer has no number called 'celsius'; check the address"):
        HttpThermometer(HttpThermometerConfig(url=url)).read()


def test_a_refusal_or_nobody_at_all_is_a_fault(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answers, "status", 503)
    for address in (url, "http://127.0.0.1:9/"):
        with pytest.raises(DeviceError, match=rf"thermometer {address}: .*check the address") as caught:
            HttpThermometer(HttpThermometerConfig(url=address)).read()
        assert "\n" not in str(caught.value)


class Sometimes:
    def __init__(self) -> None:
        self.lost = True
        self.asked = 0
        self.closed = 0

    def read(self) -> float | None:
        self.asked += 1
        if self.lost:
            raise DeviceError("thermometer: gone; plug it in")
        return 36.6

    def close(self) -> None:
        self.closed += 1


def test_a_lost_thermometer_is_tried_later_and_later_and_not_at_every_car() -> None:
    now, tried = 0.0, []
    sensor = Sometimes()
    made = ReopeningThermometer(sensor, lambda: now)
    while now < 40:
        before = sensor.asked
        with pytest.raises(DeviceError, match="thermometer: gone; plug it in"):
            made.read()
        tried += [now] if sensor.asked > before else []
        now += 0.25
    assert tried == [0.0, 0.5, 1.5, 3.5, 7.5, 15.5, 25.5, 35.5]
    assert sensor.closed == len(tried)
    assert made.fault == "thermometer: gone; plug it in"
    sensor.lost = False
    now = 50.0
    assert (made.read(), made.fault) == (36.6, "")
    sensor.lost = True
    for later in (51.0, 51.6):
        now = later
        with pytest.raises(DeviceError):
            made.read()
    assert sensor.asked == len(tried) + 3


class Deaf:
    """Waits for a name server, as ``getaddrinfo`` does, until somebody answers."""

    def __init__(self) -> None:
        self.answers = threading.Event()
        self.asked = 0
        self.closed = 0

    def read(self) -> float | None:
        self.asked += 1
        self.answers.wait(60)
        return 36.6

    def close(self) -> None:
        self.closed += 1


def test_a_thermometer_that_does_not_answer_at_all_keeps_one_car_waiting_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reopening, "MEASURE_TIMEOUT_S", 0.05)
    now = 0.0
    sensor = Deaf()
    made = ReopeningThermometer(sensor, lambda: now)
    for _ in range(10):
        with pytest.raises(DeviceError, match="no answer within"):
            made.read()
        now += 20
    made.close()
    assert (sensor.asked, sensor.closed) == (1, 0)  # one call and one thread; nobody closes what it is reading
    sensor.answers.set()

    def recovered() -> bool:
        nonlocal now
        now += 20
        try:
            return made.read() == 36.6
        except DeviceError:
            return False

    until(recovered)
    assert (sensor.asked, made.fault) == (3, "")  # the late one and the trial's belonged to others
