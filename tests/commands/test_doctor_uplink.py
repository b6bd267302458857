"""What doctor says of certificates, key and broker."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from authority import Authority, key_pem, pem
from cryptography import x509

from station.clock import utc_now
from station.commands.doctor_check import Check
from station.commands.doctor_uplink import look_at_uplink
from station.config import UplinkSection
from station.domain.condition import Condition
from station.tls import broker_context

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


def test_a_clock_that_is_behind_is_named_and_not_the_certificate(tmp_path: Path) -> None:
    """A machine without a battery wakes up years back: certificates are "not yet valid" then."""
    ca, cert, key = Authority(at=utc_now() + timedelta(days=900)).write(tmp_path, NAME)
    key.chmod(0o600)
    found = said(UplinkSection(url="mqtts://localhost:1", ca=str(ca), cert=str(cert), key=str(key)))
    for name in ("authority's certificate", "station's certificate"):
        assert found[name].ok is False
        assert f"this machine's clock says {utc_now().date()}" in found[name].found
        assert found[name].remedy.startswith("set the clock")
        assert found[name].condition is Condition.CERTIFICATE_NOT_YET


@pytest.mark.parametrize(
    ("days", "words"),
    [(900, "not yet valid: this machine's clock is behind"), (-900, "has expired: renew it, or check")],
)
def test_a_broker_whose_certificate_does_not_hold_today_is_told_with_the_clock(
    tmp_path: Path, days: int, words: str
) -> None:
    """Whoever shakes hands: station, hub and doctor do it through one context."""
    authority = Authority(at=utc_now() + timedelta(days=days))
    ca, cert, key = authority.write(tmp_path, "localhost", x509.SubjectAlternativeName([x509.DNSName("localhost")]))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    with socket.create_server(("localhost", 0)) as listening:
        answering = threading.Thread(target=_shake_hands_once, args=(listening, context))
        answering.start()
        with socket.create_connection(listening.getsockname()[:2], 10) as plain, pytest.raises(ssl.SSLError) as caught:
            broker_context(str(ca), "", "").wrap_socket(plain, server_hostname="localhost")
        answering.join(10)
    assert words in str(caught.value)


def _shake_hands_once(listening: socket.socket, context: ssl.SSLContext) -> None:
    accepted, _ = listening.accept()
    with accepted, suppress(OSError), context.wrap_socket(accepted, server_side=True):
        pass


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
