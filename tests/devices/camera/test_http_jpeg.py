"""JPEG over HTTP, from real servers that send it as cameras do."""

import base64
import hashlib
import http.server
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.config import NetworkCameraConfig
from station.devices import DeviceError
from station.devices.camera.http_jpeg import MAX_PICTURE_BYTES, MAX_PREAMBLE_BYTES, HttpJpegError, JpegStream
from station.devices.camera.network import NetworkCamera

PASSWORD = "p@ss#w/o?rd"


def jpeg(gray: int, thumbnail: bytes = b"") -> bytes:
    """A picture of one gray; ``thumbnail`` lies in an Exif segment, as cameras put it."""
    data = cv2.imencode(".jpg", np.full((24, 32, 3), gray, np.uint8))[1].tobytes()
    segment = b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2) + thumbnail if thumbnail else b""
    return data[:2] + segment + data[2:]


PICTURES = [jpeg(40), jpeg(120, thumbnail=jpeg(0)), jpeg(200)]
Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """:return: host and port of a server that answers each request so."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            answer(self)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def send(handler: http.server.BaseHTTPRequestHandler, kind: str, parts: Sequence[bytes]) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.end_headers()
    for part in parts:
        handler.wfile.write(part)


def stream(between: bytes, first: bytes = b"") -> Answer:
    parts = [first, *(part for picture in PICTURES for part in (picture, between))]
    return lambda handler: send(handler, "multipart/x-mixed-replace; boundary=frame", parts)


def snapshots() -> Answer:
    left = iter(PICTURES)
    return lambda handler: send(handler, "image/jpeg", [next(left)])


def grays(camera: NetworkCamera) -> list[int]:
    """Of all pictures until the camera has no more."""
    found = []
    camera.open()
    try:
        while True:
            found.append(int(camera.grab()[0].mean()))
    except DeviceError:
        return found
    finally:
        camera.close()


@pytest.mark.parametrize(
    ("between", "first"),
    [
        (b"\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\n", b"--frame\r\nContent-Type: image/jpeg\r\n\r\n"),
        (b"\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\n", b""),
        (b"\r\n--another\r\n\r\n", b"\r\n\r\n"),
        (b"", b""),
    ],
    ids=["as it should be", "no first boundary", "boundary of another name", "nothing between"],
)
def test_a_stream_is_read_whatever_stands_between_its_pictures(between: bytes, first: bytes) -> None:
    with serving(stream(between, first)) as place:
        seen = grays(NetworkCamera(NetworkCameraConfig(url=f"http://{place}/video")))
    assert seen
    assert abs(seen[-1] - 200) < 3


def test_snapshots_are_asked_for_one_after_the_other() -> None:
    with serving(snapshots()) as place:
        seen = grays(NetworkCamera(NetworkCameraConfig(url=f"http://{place}/snap.jpg")))
    assert [round(gray, -1) for gray in seen] == [40, 120, 200]


def digest_of(*parts: str) -> str:
    return hashlib.md5(":".join(parts).encode(), usedforsecurity=False).hexdigest()


def basic(handler: http.server.BaseHTTPRequestHandler) -> bool:
    wanted = base64.b64encode(f"guard:{PASSWORD}".encode()).decode()
    return handler.headers["Authorization"] == f"Basic {wanted}"


def digest(handler: http.server.BaseHTTPRequestHandler) -> bool:
    said = handler.headers["Authorization"] or ""
    fields = dict(field.strip().split("=", 1) for field in said.removeprefix("Digest ").split(",") if "=" in field)
    response = digest_of(digest_of("guard", "cam", PASSWORD), "nonce", digest_of("GET", handler.path))
    return fields.get("response", "").strip('"') == response


CHALLENGES = [('Basic realm="cam"', basic), ('Digest realm="cam", nonce="nonce"', digest)]


@pytest.mark.parametrize(("challenge", "allowed"), CHALLENGES)
@pytest.mark.parametrize("written", ["http://guard:{password}@{place}/snap.jpg", "http://{place}/snap.jpg"])
def test_a_password_of_any_signs_lets_in(challenge: str, allowed: Callable[..., bool], written: str) -> None:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        if allowed(handler):
            send(handler, "image/jpeg", [PICTURES[0]])
            return
        handler.send_response(401)
        handler.send_header("WWW-Authenticate", challenge)
        handler.end_headers()

    with serving(answer) as place:
        url = written.format(password=PASSWORD, place=place)
        keys = {} if "guard" in url else {"user": "guard", "password": PASSWORD}
        camera = NetworkCamera(NetworkCameraConfig(url=url, **keys))
        camera.open()
        assert round(int(camera.grab()[0].mean()), -1) == 40
        camera.close()


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_refusal_is_told_without_the_password(status: int) -> None:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_error(status)

    with serving(answer) as place:
        camera = NetworkCamera(NetworkCameraConfig(url=f"http://guard:{PASSWORD}@{place}/x"))
        with pytest.raises(DeviceError, match="does not answer with video") as caught:
            camera.open()
    assert PASSWORD not in str(caught.value)


def test_damaged_pictures_are_passed_over_but_not_for_ever() -> None:
    damaged = b"\xff\xd8\xff\xd9"
    with serving(lambda handler: send(handler, "image/jpeg", [damaged])) as place:
        camera = NetworkCamera(NetworkCameraConfig(url=f"http://{place}/snap.jpg"))
        camera.open()
        with pytest.raises(DeviceError, match="in a row are damaged"):
            camera.grab()
        camera.close()


@given(cuts=st.lists(st.integers(0, 4000), max_size=30), noise=st.binary(max_size=40))
def test_pictures_are_whole_however_the_bytes_come(cuts: list[int], noise: bytes) -> None:
    noise = noise.replace(b"\xff", b"")
    data = b"".join(noise + picture for picture in PICTURES)
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    reader, found = JpegStream(), []
    for begin, end in pairwise(places):
        reader.feed(data[begin:end])
        while (picture := reader.take()) is not None:
            found.append(picture)
    assert found == PICTURES


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_no_bytes_end_it(parts: list[bytes]) -> None:
    reader = JpegStream()
    for part in parts:
        reader.feed(part)
        reader.take()


@pytest.mark.parametrize(("data", "many"), [(b"x", MAX_PREAMBLE_BYTES), (b"\xff\xd8\x00", MAX_PICTURE_BYTES)])
def test_what_never_becomes_a_picture_is_refused(data: bytes, many: int) -> None:
    reader = JpegStream()
    with pytest.raises(HttpJpegError):
        reader.feed(data + bytes(many))
