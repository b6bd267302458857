"""The network camera against a real motion JPEG server on loopback."""

import http.server
import threading
import time
from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from station.config import NetworkCameraConfig
from station.devices import DeviceError
from station.devices.camera.network import NetworkCamera, without_credentials

WITHIN = 3.5
"""Two seconds of time limit, and room for a busy machine."""


class MjpegServer:
    """Serves pictures 20 times a second until it is told to fall silent or to hang up."""

    def __init__(self) -> None:
        self.silent, self.hang_up = threading.Event(), threading.Event()
        jpeg = cv2.imencode(".jpg", np.full((240, 320, 3), 90, np.uint8))[1].tobytes()
        part = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (len(jpeg), jpeg)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                try:
                    while not outer.hang_up.wait(0.05):
                        if not outer.silent.is_set():
                            self.wfile.write(part)
                except OSError:
                    pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self.address = f"127.0.0.1:{self._server.server_port}/stream"

    def stop(self) -> None:
        self.hang_up.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def server() -> Iterator[MjpegServer]:
    server = MjpegServer()
    yield server
    server.stop()


def camera(server: MjpegServer) -> NetworkCamera:
    return NetworkCamera(NetworkCameraConfig(url=f"http://guard:hunter2@{server.address}"))


def fails_within(camera: NetworkCamera, seconds: float) -> str:
    """Grab until it fails; what it said."""
    began = time.monotonic()
    try:
        while time.monotonic() - began < seconds:
            camera.grab()
    except DeviceError as error:
        said = str(error)
    assert time.monotonic() - began < seconds
    return said


def test_pictures_come_from_an_http_stream(server: MjpegServer) -> None:
    watching = camera(server)
    watching.open()
    for _ in range(5):
        picture, position = watching.grab()
        assert picture.shape == (240, 320, 3)
        assert position is None
    watching.close()


def test_a_camera_that_hangs_up_is_reported(server: MjpegServer) -> None:
    watching = camera(server)
    watching.open()
    watching.grab()
    server.hang_up.set()
    assert "broken off" in fails_within(watching, WITHIN)
    watching.close()


def test_a_camera_that_falls_silent_is_reported_within_about_two_seconds(server: MjpegServer) -> None:
    watching = camera(server)
    watching.open()
    watching.grab()
    server.silent.set()
    assert "hunter2" not in fails_within(watching, WITHIN)
    watching.close()


def test_a_camera_that_accepts_and_says_nothing_is_reported_within_about_two_seconds(server: MjpegServer) -> None:
    server.silent.set()
    began = time.monotonic()
    with pytest.raises(DeviceError, match="does not answer with video") as caught:
        camera(server).open()
    assert time.monotonic() - began < WITHIN
    assert "hunter2" not in str(caught.value)
    assert "guard" not in str(caught.value)


def test_it_opens_again_after_the_stream_broke_off(server: MjpegServer) -> None:
    watching = camera(server)
    watching.open()
    server.hang_up.set()
    fails_within(watching, WITHIN)
    watching.close()
    server.hang_up.clear()
    watching.open()
    assert watching.grab()[0].size
    watching.close()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("rtsp://10.0.0.5:554/live", "rtsp://10.0.0.5:554"),
        ("rtsp://user:pass@10.0.0.5/live", "rtsp://***@10.0.0.5"),
        ("rtsp://user:p@ss/w@10.0.0.5/live", "rtsp://***@10.0.0.5"),
        ("rtsp://10.0.0.5/user=admin_password=secret_channel=1.sdp", "rtsp://10.0.0.5"),
        ("http://10.0.0.5/video?user=a&pwd=secret", "http://10.0.0.5"),
        ("http://user:se?cret@10.0.0.5/video", "http://***@10.0.0.5"),
        ("http://user:se#cret@10.0.0.5/video?x=@", "http://***@"),
    ],
)
def test_no_credential_is_ever_shown(url: str, shown: str) -> None:
    assert without_credentials(url) == shown
