"""The fields of a new pass as text, from options or a CSV: what there are, and a pass of them."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from station.domain.passes import Attestation, Must, Pass, PassKind, Scope, TrafficKind
from station.domain.spreadsheets import iso_text
from station.domain.times import parse_time
from station.passes.kinds import KINDS, Field, FieldError, Kind, kind_of
from station.passes.kinds.fields import REGION, Count, OneOf, Text

ID_BYTES = 8
LONGEST_HOURS = 24 * 3660
SCOPE = ("levels", "grids", "lanes", "route", "drop_offs")
_HOURS = ", ".join(f"{kind.kind} {kind.hours:g}" for kind in KINDS)

GENERAL: dict[str, str] = {
    "kind": f"one of {', '.join(kind.kind for kind in KINDS)}; declaration without it",
    "label": "the holder, masked, such as 王**",
    "plate": "of the vehicle",
    "traffic": f"one of {', '.join(TrafficKind)}",
    "party": "how many persons",
    "origin": "GB/T 2260 code of six digits",
    "levels": "good only in these levels, separated by spaces",
    "grids": "good only in these grids, separated by spaces",
    "lanes": "good only in these lanes, separated by spaces",
    "route": "stations, levels or grids of its prescribed way, separated by spaces",
    "drop_offs": "those where it may stop, separated by spaces",
    "declared": f"the musts that the holder declared, separated by spaces: {', '.join(Must)}",
    "attested": "the musts that the issuer vouches for",
    "not_before": "RFC 3339; now without it",
    "hours": f"valid for so many; without it by its kind: {_HOURS}",
}
"""What a pass of any kind may say: option or column, and its help."""


def column_of(kind: Kind, field: Field) -> str:
    """A field's own name, unless a pass of any kind has one of that name: then the kind's stands before it."""
    return f"{kind.kind}_{field.name}" if field.name in GENERAL else field.name


def _details() -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for kind in KINDS:
        for field in kind.members.values():
            found.setdefault(column_of(kind, field), []).append(f"{kind.kind}: {field.says}")
    return {column: "; ".join(said) for column, said in found.items()}


DETAILS = _details()
"""What passes of some kinds say beside that: option or column, and its help."""
FIELDS = GENERAL | DETAILS

_LABEL, _PLATE = Text("label", GENERAL["label"]), Text("plate", GENERAL["plate"])
_TRAFFIC = OneOf("traffic", GENERAL["traffic"], TrafficKind)
_PARTY = Count("party", GENERAL["party"], 1, 999)


def new_pass(texts: Mapping[str, str], issuer: str, now: datetime) -> Pass:
    """Fields as text, empty for what is not said, to a pass with a fresh id.

    :raises FieldError: naming the first field that is wrong, missing, or not of this kind.
    """
    kind = _kind(texts["kind"] or PassKind.DECLARATION)
    begins = _time("not_before", texts["not_before"]) if texts["not_before"] else now
    return Pass(
        format="CP1",
        kind=kind.kind,
        id=secrets.token_hex(ID_BYTES),
        issuer=issuer,
        issued_at=now,
        not_before=begins,
        expires=begins + timedelta(hours=_hours(texts["hours"]) if texts["hours"] else kind.hours),
        label=_LABEL.of_text(texts["label"]),
        plate=_PLATE.of_text(texts["plate"]),
        traffic=TrafficKind(_TRAFFIC.of_text(texts["traffic"])) if texts["traffic"] else None,
        party=_PARTY.of_text(texts["party"] or "1"),
        origin=_origin(texts["origin"]),
        scope=Scope(**{name: tuple(texts[name].split()) for name in SCOPE}),
        musts=_musts(texts),
        details=kind.of_texts(_own_details(kind, texts)),
    )


def _kind(text: str) -> Kind:
    if text == PassKind.HEALTH:
        raise FieldError("kind: health is a third party's and never issued here; they are read from its own code")
    found = kind_of(PassKind(text)) if text in list(PassKind) else None
    if found is None:
        raise FieldError(f"kind: {text!r} is not {GENERAL['kind']}")
    return found


def _own_details(kind: Kind, texts: Mapping[str, str]) -> dict[str, str]:
    own = {column_of(kind, field): field.name for field in kind.members.values()}
    for column in DETAILS:
        if texts[column] and column not in own:
            raise FieldError(f"{column}: a {kind.kind} has none; leave it out")
    return {name: texts[column] for column, name in own.items()}


def _musts(texts: Mapping[str, str]) -> dict[Must, Attestation]:
    found: dict[Must, Attestation] = {}
    for attestation in (Attestation.DECLARED, Attestation.ATTESTED):
        must = OneOf(attestation.value, "", Must)
        for name in texts[attestation.value].split():
            found[Must(must.of_text(name))] = attestation
    return found


def _origin(text: str) -> str:
    if text and not REGION.match(text):
        raise FieldError(f"origin: {text!r} is no GB/T 2260 code of six digits, such as 410700")
    return text


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        raise FieldError(f"hours: {text!r} is no number") from None
    if not 1 / 60 <= hours <= LONGEST_HOURS:
        raise FieldError(f"hours: {text} is not within a minute and {LONGEST_HOURS} hours")
    return hours


def _time(name: str, text: str) -> datetime:
    try:
        return parse_time(iso_text(text))
    except ValueError:
        raise FieldError(f"{name}: {text!r} is no RFC 3339 time, such as 2026-03-01T08:00:00+08:00") from None
