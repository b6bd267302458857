"""The fields of a new pass, from options or from a CSV, and their signing."""

import csv
import secrets
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from station.commands import DONE, FOUND_WRONG, CommandError
from station.domain.passes import Attestation, Must, Pass, PassKind, Scope, TrafficKind
from station.passes import cp1
from station.passes.keys import SigningKeyError, load_signing_key

E = TypeVar("E", bound=StrEnum)

ID_BYTES = 8
DEFAULT_HOURS = {PassKind.DECLARATION: 24.0, PassKind.VOUCHER: 24.0}
OTHER_HOURS = 24.0 * 90
# Column names of a CSV, and the options of the same names.
FIELDS = (
    *("kind", "label", "plate", "traffic", "party", "origin", "levels", "grids", "lanes", "route", "drop_offs"),
    *("declared", "attested", "not_before", "hours"),
)
LISTS = ("levels", "grids", "lanes", "route", "drop_offs", "declared", "attested")


class FieldError(ValueError):
    """A field that cannot go into a pass; the message names it and what it may be."""


def configure_issue(parser: ArgumentParser) -> None:
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="the district's signing key (PEM)")
    parser.add_argument("--issuer", required=True, help="the district that signs")
    parser.add_argument("--csv", type=Path, metavar="FILE", help=f"a pass a row; columns {', '.join(FIELDS)}")
    parser.add_argument("--kind", default="declaration", help=f"one of {', '.join(PassKind)}")
    parser.add_argument("--label", default="", help="the holder, masked, such as 王**")
    parser.add_argument("--plate", default="")
    parser.add_argument("--traffic", default="", help=f"one of {', '.join(TrafficKind)}")
    parser.add_argument("--party", default="1", help="how many persons")
    parser.add_argument("--origin", default="", help="GB/T 2260 code of six digits")
    parser.add_argument("--not-before", default="", metavar="TIME", help="RFC 3339; now without it")
    parser.add_argument("--hours", default="", help="valid for so many hours")
    for name in LISTS:
        parser.add_argument(f"--{name.replace('_', '-')}", default="", help="separated by spaces")


def issue(args: Namespace) -> int:
    """Print one signed text a line. A faulty row of a CSV is told by its number, and the good ones are issued."""
    try:
        key = load_signing_key(args.key)
    except SigningKeyError as error:
        raise CommandError(f"--key: {error}") from None
    faulty = 0
    for number, fields in _rows(args):
        try:
            print(cp1.issue(new_pass(fields, args.issuer, datetime.now(UTC)), key))
        except FieldError as error:
            if not args.csv:
                raise CommandError(str(error)) from None
            print(f"{args.csv} row {number}: {error}", file=sys.stderr)
            faulty += 1
    return FOUND_WRONG if faulty else DONE


def _rows(args: Namespace) -> Iterator[tuple[int, Mapping[str, str]]]:
    if not args.csv:
        yield 1, {name: getattr(args, name) for name in FIELDS}
        return
    try:
        with args.csv.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            unknown = set(reader.fieldnames or ()) - set(FIELDS)
            if unknown:
                raise CommandError(
                    f"{args.csv}: no column is called {sorted(unknown)[0]!r}; there are {', '.join(FIELDS)}"
                )
            for number, row in enumerate(reader, 2):
                yield number, {name: row.get(name) or "" for name in FIELDS}
    except OSError as error:
        raise CommandError(f"{args.csv}: {error.strerror}") from None


def new_pass(fields: Mapping[str, str], issuer: str, now: datetime) -> Pass:
    """Fields as text to a pass with a fresh id. :raises FieldError: naming the first field that is wrong."""
    kind = _enum("kind", fields["kind"] or "declaration", PassKind)
    begins = _time("not_before", fields["not_before"]) or now
    hours = _number("hours", fields["hours"] or str(DEFAULT_HOURS.get(kind, OTHER_HOURS)), 1 / 60, 24 * 3660)
    return Pass(
        format="CP1",
        kind=kind,
        id=secrets.token_hex(ID_BYTES),
        issuer=issuer,
        issued_at=now,
        not_before=begins,
        expires=begins + timedelta(hours=hours),
        label=fields["label"],
        plate=fields["plate"],
        traffic=_enum("traffic", fields["traffic"], TrafficKind) if fields["traffic"] else None,
        party=int(_number("party", fields["party"] or "1", 1, 999)),
        origin=_origin(fields["origin"]),
        scope=Scope(**{name: tuple(fields[name].split()) for name in LISTS[:5]}),
        musts=_musts(fields),
    )


def _musts(fields: Mapping[str, str]) -> dict[Must, Attestation]:
    found: dict[Must, Attestation] = {}
    for attestation in (Attestation.DECLARED, Attestation.ATTESTED):
        for name in fields[attestation.value].split():
            found[_enum(attestation.value, name, Must)] = attestation
    return found


def _origin(text: str) -> str:
    if text and not (len(text) == 6 and text.isdigit() and text[0] != "0"):
        raise FieldError(f"origin: {text!r} is no GB/T 2260 code of six digits, such as 410700")
    return text


def _number(name: str, text: str, least: float, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        raise FieldError(f"{name}: {text!r} is no number") from None
    if not least <= value <= most:
        raise FieldError(f"{name}: {text} is not within {least:g} and {most:g}")
    return value


def _time(name: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise FieldError(f"{name}: {text!r} is no RFC 3339 time, such as 2026-03-01T08:00:00+08:00") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _enum(name: str, text: str, kind: type[E]) -> E:
    try:
        return kind(text)
    except ValueError:
        raise FieldError(f"{name}: {text!r} is not one of {', '.join(kind)}") from None
