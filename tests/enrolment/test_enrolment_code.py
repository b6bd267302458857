"""The enrolment as a QR code: what is written is read, and nothing that anybody holds up does harm."""

from datetime import datetime, timedelta

import base45
import cbor2
import pytest
import segno
from authority import Authority
from enrolments import an_enrolment
from hypothesis import given, settings
from hypothesis import strategies as st
from made import NOON

from station.enrolment import EnrolmentError
from station.enrolment.check import check
from station.enrolment.code import LONGEST, PREFIX, read_code, write_code
from station.enrolment.file import read_file, write_file

UNTIL = NOON + timedelta(days=30)
VALUES = st.recursive(
    st.none() | st.integers() | st.binary(max_size=40) | st.text(max_size=20) | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(0, 20), inner, max_size=4),
    max_leaves=12,
)


def coded(fields: object) -> str:
    return PREFIX + base45.b45encode(cbor2.dumps(fields)).decode()


@pytest.mark.parametrize("curve", [False, True], ids=["Ed25519", "P-256"])
def test_what_was_written_is_read(curve: bool) -> None:
    enrolment = an_enrolment(Authority(curve=curve, at=NOON), until=UNTIL)
    read = read_code(write_code(enrolment))
    assert read == enrolment
    check(read, NOON)


@pytest.mark.parametrize("until", [None, UNTIL])
def test_the_file_holds_the_same_as_the_code(until: datetime | None) -> None:
    enrolment = an_enrolment(until=until)
    assert read_file(write_file(enrolment).encode()) == enrolment


def test_a_usual_one_is_a_code_that_a_camera_reads_and_a_sheet_of_paper_holds() -> None:
    made = segno.make(write_code(an_enrolment(until=UNTIL)), error="m", micro=False)
    assert made.mode == "alphanumeric"
    assert int(made.version) <= 25


def test_any_other_text_is_not_an_enrolment() -> None:
    assert read_code("CP1:ABC") is None
    assert read_code("https://example.org") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PREFIX, "damaged"),
        (PREFIX + "ÄÖ", "damaged"),
        (PREFIX + "A" * LONGEST, "longer"),
        (coded([1, 2]), "damaged"),
        (coded({}), "damaged"),
        (coded({1: "d", 7: b"no text"}), "damaged"),
        (coded({7: "mqtts://h", 8: b"no certificate", 9: b"", 10: b"", 11: []}), "damaged"),
    ],
)
def test_a_damaged_one_says_so(text: str, said: str) -> None:
    with pytest.raises(EnrolmentError, match=said):
        read_code(text)


@settings(max_examples=200)
@given(st.dictionaries(st.integers(0, 20), VALUES, max_size=16))
def test_whatever_the_fields_are_it_is_read_or_refused(fields: object) -> None:
    with pytest.raises(EnrolmentError):
        read_code(coded(fields))


@settings(max_examples=100)
@given(st.data())
def test_a_genuine_one_with_a_field_changed_is_refused_or_still_checked(data: st.DataObject) -> None:
    fields = cbor2.loads(base45.b45decode(write_code(GENUINE)[len(PREFIX) :]))
    fields[data.draw(st.sampled_from(sorted(fields)))] = data.draw(VALUES)
    try:
        read = read_code(coded(fields))
        assert read is not None
        check(read, None)
    except EnrolmentError:
        return
    assert read.cert == GENUINE.cert


@given(st.text(max_size=300))
def test_no_text_makes_the_reader_fall_over(text: str) -> None:
    for candidate in (text, PREFIX + text):
        try:
            read_code(candidate)
        except EnrolmentError:
            continue


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_file_makes_the_reader_fall_over(data: bytes) -> None:
    for candidate in (data, b"[enrolment]\n" + data):
        with pytest.raises(EnrolmentError):
            read_file(candidate)


GENUINE = an_enrolment()
