"""Addresses of cameras as people write them."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices.camera.camera_url import CameraUrl, parse_camera_url

PASSWORD = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("rtsp://10.0.0.5:554/live", CameraUrl("rtsp", "", "", "10.0.0.5:554", "/live")),
        (
            "rtsp://guard:p@s#w/o?d@10.0.0.5/live?x=1",
            CameraUrl("rtsp", "guard", "p@s#w/o?d", "10.0.0.5", "/live?x=1"),
        ),
        ("rtsp://guard:1/2@10.0.0.5", CameraUrl("rtsp", "guard", "1/2", "10.0.0.5", "")),
        ("http://guard:p%40ss@cam.lan:8080/a", CameraUrl("http", "guard", "p@ss", "cam.lan:8080", "/a")),
        ("http://guard:100%@cam.lan/a", CameraUrl("http", "guard", "100%", "cam.lan", "/a")),
        ("http://guard:a:b@[fe80::1]:80/a", CameraUrl("http", "guard", "a:b", "[fe80::1]:80", "/a")),
        ("http://cam/path@x", CameraUrl("http", "", "", "cam", "/path@x")),
        ("http://cam:80/path@x", CameraUrl("http", "", "", "cam:80", "/path@x")),
        ("http://cam?user=a&pwd=b@c", CameraUrl("http", "", "", "cam", "?user=a&pwd=b@c")),
    ],
)
def test_host_path_and_sign_on_are_told_apart(url: str, found: CameraUrl) -> None:
    assert parse_camera_url(url) == found


@pytest.mark.parametrize("url", ["http://", "http:///path", "rtsp://guard:secret@", "http://-/x"])
def test_an_address_without_a_host_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="no host"):
        parse_camera_url(url)


@given(password=PASSWORD)
def test_any_password_may_stand_in_a_key_of_its_own(password: str) -> None:
    url = parse_camera_url("http://10.0.0.5/snap@1.jpg", "guard", password)
    assert (url.user, url.password, url.place, url.path) == ("guard", password, "10.0.0.5", "/snap@1.jpg")
    assert password not in url.target or password in "http://10.0.0.5/snap@1.jpg"
    assert unquote(urlsplit(url.encoded).password or "") == password


@given(password=PASSWORD.filter(lambda text: "%" not in text))
def test_any_password_may_stand_in_the_address(password: str) -> None:
    url = parse_camera_url(f"rtsp://guard:{password}@10.0.0.5/live")
    assert (url.password, url.place, url.path) == (password, "10.0.0.5", "/live")
