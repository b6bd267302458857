"""What an HCERT says: the EU's Digital COVID Certificate schema, versions 1.0.0 to 1.3.0.

A vaccination, a test or a recovery, exactly one. Value sets (vaccines, test devices, countries) grow without the
schema and no list of them is kept here; only what can be no member of one is refused.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from station.domain.passes import Health, HealthKind, TestResult
from station.domain.reasons import Reason
from station.passes.errors import BadPass
from station.passes.wire import moment_of

LONGEST_TEXT = 80
_RESULTS = {"260415000": TestResult.NEGATIVE, "260373001": TestResult.POSITIVE}
_VERSION = re.compile(r"\d+\.\d+\.\d+", re.ASCII)
_BIRTH = re.compile(r"((19|20)\d\d(-\d\d){0,2})?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T.+)?", re.ASCII)
_MRZ = re.compile(r"[A-Z<]*")
_COUNTRY = re.compile(r"[A-Z]{0,10}")
# ISO 3166-1 leaves these to private use; Kosovo alone goes by one of them.
_NO_COUNTRY = re.compile(r"AA|Q[M-Z]|X[A-JL-Z]|ZZ")
# The EMA numbers organisations with nine digits; the JRC counts test devices up from 1 and has not come near 9000.
_ORGANISATION = re.compile(r"(?!ORG-).*|ORG-\d{9}", re.ASCII)
_DEVICE = re.compile(r"(?!\d+$).*|[0-8]?\d{1,3}", re.ASCII)

Field = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """How one of the three is written: its letter, and the check of each member."""

    letter: str
    kind: HealthKind
    needed: Mapping[str, Field]
    optional: Mapping[str, Field] = field(default_factory=dict)


def kind_of(data: Mapping[Any, Any]) -> HealthKind:
    """:raises BadPass: not exactly one of the three."""
    return _entry_of(data).kind


def health_of(data: Mapping[Any, Any], issued: datetime) -> tuple[str, Health]:
    """The unique certificate identifier, and what the certificate says.

    :raises BadPass: it does not keep to the schema.
    """
    try:
        return _health(data, issued)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadPass(Reason.MALFORMED, f"not as the schema has it: {type(error).__name__}") from None


def _health(data: Mapping[Any, Any], issued: datetime) -> tuple[str, Health]:
    _matching(_VERSION)(data["ver"])
    name = _name(data["nam"])
    _birth(data["dob"], issued.date())
    entry = _entry_of(data)
    (written,) = data[entry.letter]
    found = {key: check(written[key]) for key, check in entry.needed.items()}
    found |= {key: check(written[key]) for key, check in entry.optional.items() if written.get(key) is not None}
    health = Health(
        kind=entry.kind,
        on=found.get("dt") or found.get("sc") or found["fr"],
        result=_RESULTS.get(found["tr"], TestResult.UNKNOWN) if entry.kind is HealthKind.TEST else None,
        dose=found.get("dn", 0),
        doses=found.get("sd", 0),
        country=found["co"],
        disease=found["tg"],
        name=name,
    )
    return found["ci"], health


def _entry_of(data: Mapping[Any, Any]) -> Entry:
    present = [entry for entry in _ENTRIES if data.get(entry.letter) is not None]
    if len(present) != 1:
        raise BadPass(Reason.MALFORMED, f"{len(present)} of vaccination, test and recovery where one is needed")
    return present[0]


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ValueError("a text of at most 80 characters expected")
    return value


def _long_text(value: Any) -> str:
    """Test centres' names exceed the schema's 80 in genuine certificates (HU)."""
    if not isinstance(value, str):
        raise TypeError("a text expected")
    return value


def _identifier(value: Any) -> str:
    if not _text(value):
        raise ValueError("an identifier expected")
    return str(value)


def _matching(pattern: re.Pattern[str]) -> Field:
    def check(value: Any) -> str:
        if not pattern.fullmatch(_text(value)):
            raise ValueError("not of the needed form")
        return str(value)

    return check


def _dose(value: Any) -> int:
    """From 1.2.1 on the schema asks for 1 or more, before for 0 or more; nobody is harmed by the looser."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 99:
        raise ValueError("a number of doses expected")
    return value


def _moment(value: Any) -> datetime:
    """A date, a time, or a time as CBOR has its own tag for."""
    written = value.isoformat() if isinstance(value, datetime) else _text(value)
    if not _MOMENT.fullmatch(written):
        raise ValueError("a date or a time expected")
    return moment_of(written)


def _country(value: Any) -> str:
    if not _COUNTRY.fullmatch(_text(value)) or _NO_COUNTRY.fullmatch(value):
        raise ValueError("no country")
    return str(value)


def _birth(value: Any, issued: date) -> None:
    """Whole or in part, from 1900 on, and not after the certificate: 00 stands for a month or day not known."""
    if not _BIRTH.fullmatch(_text(value)) or value.replace("-00", "") > issued.isoformat():
        raise ValueError("no date of birth")


def _name(names: Mapping[Any, Any]) -> str:
    """As it is written; in the machine-readable form (ICAO 9303) where nothing else is said."""
    written = [_text(names.get(key, "")) for key in ("gn", "fn")]
    machine = [_matching(_MRZ)(names.get(key, "")) for key in ("gnt", "fnt")]
    if "fnt" not in names or any(text and not form for text, form in zip(written, machine, strict=True)):
        raise ValueError("a name without its machine-readable form")
    return " ".join(part for part in written if part) or " ".join(machine).replace("<", " ").strip()


_COMMON: dict[str, Field] = {"tg": _identifier, "co": _country, "is": _text, "ci": _identifier}
_ENTRIES = (
    Entry(
        "v",
        HealthKind.VACCINATION,
        _COMMON | {"vp": _text, "mp": _text, "ma": _matching(_ORGANISATION), "dn": _dose, "sd": _dose, "dt": _moment},
    ),
    Entry(
        "t",
        HealthKind.TEST,
        _COMMON | {"tt": _text, "sc": _moment, "tr": _text},
        {"nm": _text, "ma": _matching(_DEVICE), "tc": _long_text, "dr": _moment},
    ),
    Entry("r", HealthKind.RECOVERY, _COMMON | {"fr": _moment, "df": _moment, "du": _moment}),
)
