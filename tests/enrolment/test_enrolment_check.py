"""What does not hold together is told before anything is written."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from authority import Authority, key_pem, pem
from enrolments import an_enrolment
from made import NOON

from station.enrolment import Enrolment, EnrolmentError
from station.enrolment.check import check

OURS = Authority(at=NOON)


def stranger(enrolment: Enrolment) -> Enrolment:
    return replace(enrolment, ca=pem(Authority(at=NOON).certificate))


def other_key(enrolment: Enrolment) -> Enrolment:
    return replace(enrolment, key=key_pem(OURS.issue("x")[1]))


def unencrypted(enrolment: Enrolment) -> Enrolment:
    settings = {**enrolment.settings, "uplink": {"url": "mqtt://hub.example"}}
    return replace(enrolment, settings=settings)


def renamed(enrolment: Enrolment) -> Enrolment:
    return replace(enrolment, settings={**enrolment.settings, "station": {"id": "bridge-south"}})


WRONG: list[tuple[Callable[[Enrolment], Enrolment], str]] = [
    (stranger, "not signed by ca"),
    (other_key, "the key is not the certificate's"),
    (unencrypted, "mqtts://"),
    (renamed, "the certificate is for g107-bridge-north, not for bridge-south"),
    (lambda whole: replace(whole, settings={}), "no station and uplink"),
    (lambda whole: replace(whole, cert=b"no PEM"), "no unencrypted PEM"),
    (lambda whole: replace(whole, trust=(b"short",)), "32 bytes"),
    (lambda whole: replace(whole, list_key=b"short"), "32 bytes"),
    (lambda whole: replace(whole, until=NOON - timedelta(hours=1)), "was to be taken until"),
]


@pytest.mark.parametrize(("change", "said"), WRONG, ids=[said for _, said in WRONG])
def test_what_does_not_fit_is_named(change: Callable[[Enrolment], Enrolment], said: str) -> None:
    with pytest.raises(EnrolmentError, match=said):
        check(change(an_enrolment(OURS)), NOON)


def test_a_whole_one_is_taken() -> None:
    check(an_enrolment(OURS, until=NOON + timedelta(days=1)), NOON)


def test_without_a_trusted_clock_nothing_is_too_old() -> None:
    old = an_enrolment(OURS, until=datetime(2020, 1, 1, tzinfo=UTC))
    check(old, None)
    with pytest.raises(EnrolmentError, match="was to be taken until"):
        check(old, NOON)


def test_a_certificate_that_has_ended_is_told_with_its_day() -> None:
    certificate, key = OURS.issue("g107-bridge-north", lifetime=timedelta(hours=-1))
    enrolment = replace(an_enrolment(OURS), cert=pem(certificate), key=key_pem(key))
    with pytest.raises(EnrolmentError, match="the certificate is good until 20"):
        check(enrolment, NOON)
