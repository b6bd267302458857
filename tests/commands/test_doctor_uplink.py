"""What doctor says of certificates, key and broker."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from authority import Authority, key_pem, pem
from cryptography import x509

from station.commands.doctor_check import Check
from station.commands.doctor_uplink import look_at_uplink
from station.config import UplinkSection

pytestmark = pytest.mark.clock

NAME = "bridge-north"


@pytest.fixture
def authority() -> Authority:
    return Authority()


@pytest.fixture
def uplink(authority: Authority, tmp_path: Path) -> UplinkSection:
    """Everything in order, and a broker that is not there."""
    ca, cert, key = authority.write(tmp_path, NAME)
    key.chmod(0o600)
    return UplinkSection(url="mqtts://localhost:1", ca=str(ca), cert=str(cert), key=str(key))


def said(uplink: UplinkSection) -> dict[str, Check]:
    return {check.name: check for check in look_at_uplink(uplink, NAME)}


def test_certificates_in_order_are_told_with_their_last_day(uplink: UplinkSection) -> None:
    found = said(uplink)
    assert [found[name].ok for name in ("authority's certificate", "station's certificate", "station's key")] == [
        True
    ] * 3
    assert f"for {NAME}, until 20" in found["station's certificate"].found


@pytest.mark.parametrize(("days", "words"), [(-1, "it has expired"), (12, "days left")])
def test_one_that_ends_soon_or_has_ended_is_wrong(
    uplink: UplinkSection, authority: Authority, days: int, words: str
) -> None:
    certificate, key = authority.issue(NAME, lifetime=timedelta(days=days, hours=12 if days > 0 else -12))
    Path(uplink.cert).write_bytes(pem(certificate))
    Path(uplink.key).write_bytes(key_pem(key))
    check = said(uplink)["station's certificate"]
    assert (check.ok, words in check.found) == (False, True)
    assert "station enrol" in check.remedy


def test_a_certificate_for_another_station_is_wrong(uplink: UplinkSection, authority: Authority) -> None:
    Path(uplink.cert).write_bytes(pem(authority.issue("bridge-south")[0]))
    found = said(uplink)
    assert found["station's certificate"].ok is False
    assert "is not the certificate's" in found["station's key"].found


def test_a_key_that_others_may_read_is_wrong(uplink: UplinkSection) -> None:
    Path(uplink.key).chmod(0o644)
    assert said(uplink)["station's key"].remedy == f"chmod 600 {uplink.key}"


def test_what_is_not_there_is_named(uplink: UplinkSection) -> None:
    Path(uplink.key).unlink()
    Path(uplink.ca).write_text("no PEM")
    found = said(uplink)
    assert "No such file" in found["station's key"].found
    assert found["authority's certificate"].ok is False


@pytest.fixture
def door(authority: Authority, tmp_path: Path) -> Iterator[int]:
    """Shakes hands once, and says nothing."""
    _, cert, key = authority.write(
        tmp_path / "broker", "broker", x509.SubjectAlternativeName([x509.DNSName("localhost")])
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    listening = socket.create_server(("127.0.0.1", 0))

    def shake_hands() -> None:
        plain, _ = listening.accept()
        with plain:
            try:
                context.wrap_socket(plain, server_side=True).close()
            except OSError:
                return  # the other side did not trust us

    answering = threading.Thread(target=shake_hands)
    answering.start()
    yield listening.getsockname()[1]
    listening.close()
    answering.join(10)


def test_a_broker_of_our_authority_shakes_hands(uplink: UplinkSection, door: int) -> None:
    check = said(UplinkSection(url=f"mqtts://localhost:{door}", ca=uplink.ca, cert=uplink.cert, key=uplink.key))[
        "broker"
    ]
    assert (check.ok, check.found) == (True, f"mqtts://localhost:{door} answers, TLSv1.3")


def test_a_broker_of_a_stranger_is_told_apart_from_one_that_is_away(
    uplink: UplinkSection, door: int, tmp_path: Path
) -> None:
    stranger, _, _ = Authority("another").write(tmp_path / "other", NAME)
    found = said(UplinkSection(url=f"mqtts://localhost:{door}", ca=str(stranger), cert=uplink.cert, key=uplink.key))
    assert "check uplink.ca" in found["broker"].remedy
    assert "check the network" in said(uplink)["broker"].remedy
