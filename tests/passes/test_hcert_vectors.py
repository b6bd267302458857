"""The public test data of the EU Digital COVID Certificate: every expected result, agreed with or explained."""

import base64
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import cbor2
import pytest
from made import a_pass
from shared import SHARED

from station.__main__ import main
from station.domain.moment import Moment
from station.domain.times import parse_time
from station.passes import BadPass, TrustList, cose, hcert, hcert_schema
from station.passes.signers import Scheme
from station.passes.trust import parse_keys
from station.passes.wire import ZLIB, inflated
from station.rules import validity

FILE = SHARED / "hcert" / "vectors.jsonl"
VECTORS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()] if FILE.is_file() else []
KEYS = Counter(key for vector in VECTORS for key in vector["expected"])

needs_vectors = pytest.mark.skipif(not VECTORS, reason=f"needs the vectors in {FILE}, which are not here")

# Nothing is read from a picture: the vectors are handed on as text.
NOT_JUDGED = {"EXPECTEDPICTUREDECODE", "EXPTECTEDEXPIRED"}
# The file, not the certificate, is wrong.
DEVIATIONS = {
    ("EXPECTEDDECODE", "PL/1.3.0/2DCode/raw/1.json"): "its JSON names another person than its COSE message",
    ("EXPECTEDVALIDJSON", "PL/1.3.0/2DCode/raw/1.json"): "its JSON names another person than its code",
}
# What has no expectation is not meant to be tested there; a verifier still has to look. Of the very same faults CO16 (a
# clock before the time of issue) and CO8 (a vaccination signer's test) expect that they are refused.
NOT_ASKED = {
    "ES/2DCode/raw/2101.json": "the clock is before the time of issue",
    "ES/2DCode/raw/2103.json": "the clock is before the time of issue",
    "ES/2DCode/raw/1101.json": "the clock is before the time of issue",
    "FR/2DCode/raw/recovery_ok.json": "the clock is before the time of issue",
    "FR/2DCode/raw/vaccin_ok.json": "the clock is before the time of issue",
    "SG/2DCode/raw/4.json": "the clock is before the time of issue",
    "LI/2DCode/raw/4.json": "a test; its signer may sign vaccinations only",
}


@dataclass(frozen=True)
class Vector:
    text: bytes
    cose: bytes
    certificate: bytes
    clock: datetime
    json: dict[str, Any]

    @property
    def compressed(self) -> bytes:
        return hcert.base45_decoded(hcert.unprefixed(self.text) or b"")

    @property
    def message(self) -> cose.Sign1:
        return cose.open_sign1(inflated(self.compressed, ZLIB))

    @property
    def claims(self) -> hcert.Claims:
        return hcert.claims_of(self.message.payload)

    @property
    def trust(self) -> TrustList:
        """One vector has no certificate where no key usage shall be found: any without will do."""
        if not self.certificate:
            return TrustList(parse_keys(base64.b64decode(VECTORS[0]["certificate"]), "the first vector's"))
        return TrustList(parse_keys(self.certificate, "the vector's"))


def vector(row: dict[str, Any]) -> Vector:
    return Vector(
        text=row["text"].encode(),
        cose=bytes.fromhex(row["cose"] or ""),
        certificate=base64.b64decode(row["certificate"] or ""),
        clock=parse_time(row["clock"]),
        json=row["json"],
    )


def alike(value: object) -> object:
    """Times compare as times: CBOR has a tag for them, JSON has not, and both spell UTC in several ways."""
    match value:
        case dict() | cbor2.frozendict():
            return {key: alike(inner) for key, inner in value.items()}
        case list() | tuple():
            return [alike(inner) for inner in value]
        case str() if len(value) > 18 and value[4:5] == value[7:8] == "-" and value[10] == "T":
            return parse_time(value)
        case _:
            return value


def the_text_has_the_prefix(one: Vector) -> None:
    if hcert.unprefixed(one.text) is None:
        raise ValueError("no prefix")


def the_text_says_what_the_json_says(one: Vector) -> None:
    assert alike(one.claims.certificate) == alike(one.json)


def the_cose_message_says_what_the_json_says(one: Vector) -> None:
    """Some files have no COSE message of their own; the text's stands in for it."""
    message = cose.open_sign1(one.cose) if one.cose else one.message
    assert alike(hcert.claims_of(message.payload).certificate) == alike(one.json)


def what_is_encoded_reads_back(one: Vector) -> None:
    """The bytes cannot be compared: nobody but the issuer encodes as the issuer does, and nobody can sign as it."""
    claims = cbor2.loads(one.message.payload) | {-260: {1: one.json}}
    assert alike(hcert.claims_of(cbor2.dumps(claims)).certificate) == alike(one.json)


def the_json_makes_a_certificate(one: Vector) -> None:
    hcert_schema.kind_of(one.json or one.claims.certificate)


def the_signer_may_sign_it(one: Vector) -> None:
    (signer,) = one.trust.signers(Scheme.HCERT, None)
    hcert.check_usage(signer, hcert_schema.kind_of(one.claims.certificate))


def the_clock_is_within_its_times(one: Vector) -> None:
    (signer,) = one.trust.signers(Scheme.HCERT, None)
    not_before, expires = hcert.period_of(one.claims, signer)
    shown = a_pass(not_before=not_before, expires=expires)
    if any(validity.at_time(shown, Moment(one.clock, True, "", 0.0), 0)):
        raise ValueError("not valid at this time")


CHECKS: dict[str, Callable[[Vector], object]] = {
    "EXPECTEDUNPREFIX": the_text_has_the_prefix,
    "EXPECTEDB45DECODE": lambda one: one.compressed,
    "EXPECTEDCOMPRESSION": lambda one: inflated(one.compressed, ZLIB),
    "EXPECTEDDECODE": the_cose_message_says_what_the_json_says,
    "EXPECTEDVALIDJSON": the_text_says_what_the_json_says,
    "EXPECTEDVALIDOBJECT": the_json_makes_a_certificate,
    "EXPECTEDENCODE": what_is_encoded_reads_back,
    "EXPECTEDSCHEMAVALIDATION": lambda one: hcert_schema.health_of(one.claims.certificate, one.claims.issued_at),
    "EXPECTEDVERIFY": lambda one: hcert.verified_by(one.message, one.trust),
    "EXPECTEDKEYUSAGE": the_signer_may_sign_it,
    "EXPECTEDEXPIRATIONCHECK": the_clock_is_within_its_times,
}


def agrees(check: Callable[[Vector], object], one: Vector) -> bool:
    try:
        check(one)
    except (BadPass, ValueError, AssertionError):
        return False
    return True


@needs_vectors
@pytest.mark.parametrize("row", VECTORS, ids=lambda row: row["name"].replace("/2DCode/raw", ""))
def test_every_expectation_of_a_vector_is_met_or_explained(row: dict[str, Any]) -> None:
    one = vector(row)
    wanted = {key: value for key, value in row["expected"].items() if key not in NOT_JUDGED}
    explained = {key for key, name in DEVIATIONS if name == row["name"]}
    assert {key: agrees(CHECKS[key], one) for key in wanted} == {
        key: value != (key in explained) for key, value in wanted.items()
    }


@needs_vectors
def test_every_kind_of_expectation_is_judged() -> None:
    assert set(KEYS) == set(CHECKS) | NOT_JUDGED


@needs_vectors
def test_verify_in_batch_finds_valid_exactly_what_the_vectors_have_nothing_against(tmp_path: Path, capsys) -> None:
    asked = [{"text": row["text"], "at": row["clock"], "trust": [row["certificate"]]} for row in VECTORS]
    file = tmp_path / "batch.jsonl"
    file.write_text("\n".join(map(json.dumps, asked)), "utf-8")
    capsys.readouterr()
    assert main(["pass", "verify", "--batch", str(file)]) == 0
    verdicts = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    found = {row["name"]: verdict["valid"] for row, verdict in zip(VECTORS, verdicts, strict=True)}
    wanted = {row["name"]: False not in row["expected"].values() and bool(row["certificate"]) for row in VECTORS}
    wanted |= dict.fromkeys(NOT_ASKED, False)
    assert {name for name in wanted if found[name] != wanted[name]} == set()
    assert {verdict["kind"] for verdict in verdicts if verdict["valid"]} == {"health"}
