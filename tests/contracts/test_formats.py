"""Every pass format, found by the tuple that registers it, is held to the same behaviour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.passes import Pass
from station.domain.reasons import Reason
from station.passes import FORMATS, BadPass, Format, TrustList


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@pytest.mark.parametrize("payload", [b"", b"hello", b"\x00\xff", "您好".encode("gb18030"), b"HTTP://EXAMPLE.ORG"])
def test_a_strangers_code_is_not_mine(form: Format, payload: bytes) -> None:
    assert form.read(payload, TrustList()) is None


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@given(data=st.binary(max_size=200))
def test_whatever_follows_the_prefix_is_a_pass_not_mine_or_bad_with_a_reason(form: Format, data: bytes) -> None:
    for payload in (data, f"{form.name}:".encode() + data):
        found = verdict(form, payload)
        assert found is None or isinstance(found, Pass | Reason)


def verdict(form: Format, payload: bytes) -> Pass | Reason | None:
    try:
        return form.read(payload, TrustList())
    except BadPass as bad:
        return bad.reason


def test_names_are_unique() -> None:
    names = [form.name for form in FORMATS]
    assert len(names) == len(set(names))
