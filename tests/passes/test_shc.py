from datetime import UTC, datetime, timedelta

import pytest
from certificates import (
    SHC_KEY,
    a_bundle,
    a_card,
    a_dsc,
    an_immunization,
    an_observation,
    card_claims,
    digited,
    key_set,
    parts_of,
)
from joserfc.jwk import ECKey
from made import NOON, TRUST

from station import passes
from station.domain.passes import Health, HealthKind, Pass, PassKind, Rejected, TestResult
from station.domain.reasons import Reason
from station.passes import TrustList
from station.passes.shc_parts import FORGET_AFTER, Joiner
from station.passes.trust import TrustError, parse_keys
from station.passes.wire import NEVER

KEYS = TrustList(parse_keys(key_set(), "keys"))


def read(payload: bytes, trust: TrustList = KEYS) -> Pass | Rejected:
    return passes.read(payload, "", trust)


def reason(payload: bytes, trust: TrustList = KEYS) -> Reason:
    found = read(payload, trust)
    assert isinstance(found, Rejected)
    return found.reason


def test_a_card_that_another_library_signed_is_read() -> None:
    found = read(a_card())
    assert isinstance(found, Pass)
    assert (found.kind, found.issuer, found.expires) == (PassKind.HEALTH, "https://issuer.example", NEVER)
    assert found.not_before == NOON - timedelta(hours=1)
    assert found.health == Health(
        HealthKind.TEST, datetime(2026, 3, 1, tzinfo=UTC), TestResult.NEGATIVE, name="John B. Anyperson"
    )


def test_the_name_stands_in_no_log_and_not_in_the_label() -> None:
    found = read(a_card())
    assert isinstance(found, Pass)
    assert (found.label, "Anyperson" in repr(found)) == ("", False)


def test_of_several_doses_the_latest_counts_and_tells_which_it_is() -> None:
    bundle = a_bundle(an_immunization("2021-01-29"), an_immunization("2021-01"))
    found = read(a_card(card_claims(bundle)))
    assert isinstance(found, Pass)
    assert found.health
    assert (found.health.kind, found.health.dose, found.health.on.date().isoformat()) == (
        HealthKind.VACCINATION,
        2,
        "2021-01-29",
    )


@pytest.mark.parametrize(
    ("code", "result"),
    [("260373001", TestResult.POSITIVE), ("260415000", TestResult.NEGATIVE), ("1", TestResult.UNKNOWN)],
)
def test_a_result_is_what_its_code_says(code: str, result: TestResult) -> None:
    found = read(a_card(card_claims(a_bundle(an_observation(code=code)))))
    assert isinstance(found, Pass)
    assert found.health
    assert found.health.result is result


def test_a_card_expires_when_it_says_so() -> None:
    found = read(a_card(card_claims(exp=NOON.timestamp())))
    assert isinstance(found, Pass)
    assert found.expires == NOON


def test_a_card_is_named_by_its_key_and_revocation_id_whatever_else_it_says() -> None:
    first, second = read(a_card()), read(a_card(card_claims(exp=NOON.timestamp())))
    assert isinstance(first, Pass)
    assert isinstance(second, Pass)
    assert first.id == second.id


def test_a_changed_digit_in_the_signature_is_forged() -> None:
    card = a_card()
    changed = card[:-40] + (b"5657" if card[-40:-36] != b"5657" else b"5756") + card[-36:]
    assert reason(changed) is Reason.FORGED


def test_a_strangers_card_has_an_unknown_issuer() -> None:
    assert reason(a_card(key=ECKey.generate_key("P-256"))) is Reason.UNKNOWN_ISSUER


def test_a_card_signed_by_another_key_than_it_names_is_forged() -> None:
    other = ECKey.generate_key("P-256")
    assert reason(a_card(key=other, kid=SHC_KEY.thumbprint())) is Reason.FORGED


def test_a_key_set_that_names_its_issuer_vouches_for_no_other() -> None:
    bound = TrustList(parse_keys(key_set(iss="https://issuer.example"), "keys"))
    assert isinstance(read(a_card(), bound), Pass)
    assert reason(a_card(card_claims(iss="https://other.example")), bound) is Reason.UNKNOWN_ISSUER


def test_neither_the_districts_keys_nor_a_certificate_verify_a_card() -> None:
    assert reason(a_card(), TRUST) is Reason.UNKNOWN_ISSUER
    assert reason(a_card(), TrustList(parse_keys(a_dsc(), "dsc"))) is Reason.UNKNOWN_ISSUER


@pytest.mark.parametrize(
    "payload",
    [
        b"shc:/",
        b"shc:/123",
        b"shc:/ab",
        b"shc:/4/3/5676",
        digited(b"a.b"),
        digited(b"a.b.c"),
        digited(b"eyJhbGciOiJub25lIiwiemlwIjoiREVGIiwia2lkIjoiIn0.e30."),  # alg none
        a_card(zip="GZ"),
        a_card(payload=b"not deflated"),
        a_card(card_claims(vc={"type": []})),
        a_card(card_claims(nbf="yesterday")),
        a_card(card_claims(a_bundle())),
    ],
)
def test_a_broken_card_is_malformed(payload: bytes) -> None:
    assert reason(payload) is Reason.MALFORMED


def test_one_code_of_several_asks_for_the_others() -> None:
    assert {reason(part) for part in parts_of(a_card(), 3)} == {Reason.INCOMPLETE}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 1, 0, 2, 1)])
def test_the_codes_of_a_card_are_joined_in_whatever_order_they_are_shown(order: tuple[int, ...]) -> None:
    card, joiner = a_card(), Joiner()
    parts = parts_of(card, 3)
    joined = [joiner.join(parts[place], float(now)) for now, place in enumerate(order)]
    assert card in joined
    assert isinstance(read(card), Pass)


def test_a_joiner_says_which_codes_are_missing_and_hands_on_what_is_no_part() -> None:
    joiner, parts = Joiner(), parts_of(a_card(), 3)
    assert joiner.join(parts[1], 0.0) == parts[1]
    assert joiner.join(b"CP1:X", 1.0) == b"CP1:X"
    assert joiner.missing == (1, 3)


def test_the_next_persons_card_begins_anew() -> None:
    joiner, mine, yours = Joiner(), parts_of(a_card(), 2), parts_of(a_card(card_claims(exp=1)), 2)
    joiner.join(mine[0], 0.0)
    joiner.join(yours[0], 1.0)
    assert joiner.join(yours[1], 2.0).startswith(yours[0].replace(b"/1/2", b""))


def test_codes_are_forgotten_after_some_minutes_and_when_told_so() -> None:
    joiner, parts = Joiner(), parts_of(a_card(), 2)
    joiner.join(parts[0], 0.0)
    assert joiner.join(parts[1], FORGET_AFTER + 1) == parts[1]
    joiner.forget()
    assert joiner.join(parts[0], FORGET_AFTER + 2) == parts[0]


@pytest.mark.parametrize(
    "data",
    [b"{}", b'{"keys": [{"kty": "RSA"}]}', b'{"keys": 7}', b"{" * 2000, key_set().replace(b'"kid": "', b'"kid": "x')],
)
def test_a_key_set_that_cannot_be_used_is_told_by_name(data: bytes) -> None:
    with pytest.raises(TrustError, match=r"^keys\.json "):
        parse_keys(data, "keys.json")
