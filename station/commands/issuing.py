"""``station pass issue``: one pass from options, or any number from a CSV."""

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.clock import utc_now
from station.commands import DONE, FOUND_WRONG, CommandError
from station.commands.pass_fields import FIELDS, new_pass
from station.commands.progress import progress
from station.commands.signing import configure_passphrase, open_key
from station.commands.tables import SURPLUS, Row, read_table, write_table
from station.passes import cp1
from station.passes.kinds import FieldError
from station.passes.roles import KeyUse

RESULTS = ("id", "text")
"""Columns that an output table has beside the fields; those of a table that is issued anew are replaced."""
MOST_CHARACTERS = 3391
"""Alphanumeric characters in the largest QR code there is, version 40 at level M (ISO/IEC 18004)."""


@dataclass(frozen=True, slots=True)
class Issued:
    row: Row
    id: str
    text: str


def configure_issue(parser: ArgumentParser) -> None:
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="the district's signing key (PEM)")
    configure_passphrase(parser)
    parser.add_argument("--issuer", required=True, help="the district that signs")
    parser.add_argument(
        "--csv",
        type=Path,
        metavar="FILE",
        help="a pass a row; columns are named as the options below, with _ for -, and an empty cell is as the option",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help=f"texts to this file, a line each; ending in .csv: the rows with {' and '.join(RESULTS)} added",
    )
    for name, says in FIELDS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", default="", help=says)


def issue(args: Namespace) -> int:
    """Faulty rows of a CSV are told by their numbers at the end; the good ones are issued."""
    key = open_key(args.key, args.passphrase_file, KeyUse.PASSES)
    rows = _rows(args)
    issued, faulty = _signed(rows, args.issuer, key)
    if faulty and not args.csv:
        raise CommandError(faulty[0][1])
    _write(issued, args.output)
    for number, fault in faulty:
        print(f"{args.csv} row {number}: {fault}", file=sys.stderr)
    if args.csv:
        print(f"{args.csv}: {len(issued)} of {len(rows)} passes issued, {len(faulty)} rows faulty", file=sys.stderr)
    return FOUND_WRONG if faulty else DONE


def _rows(args: Namespace) -> list[tuple[int, Row]]:
    usual = {name: getattr(args, name).strip() for name in FIELDS}
    if not args.csv:
        return [(1, usual)]
    rows = read_table(args.csv, (*FIELDS, *RESULTS))
    if not rows:
        raise CommandError(f"{args.csv}: no row in it; write one for each pass below the columns' names")
    return [(number, usual | {name: cell for name, cell in row.items() if cell}) for number, row in rows]


def _signed(
    rows: list[tuple[int, Row]], issuer: str, key: Ed25519PrivateKey
) -> tuple[list[Issued], list[tuple[int, str]]]:
    """What was issued, and the numbers of the faulty rows with what is wrong."""
    now = utc_now()
    issued: list[Issued] = []
    faulty: list[tuple[int, str]] = []
    for number, row in progress(rows, "signing"):
        try:
            if SURPLUS in row:
                raise FieldError(f"{row[SURPLUS]!r} is beyond the last column; quote a cell that holds a comma")
            new = new_pass(row, issuer, now)
            issued.append(Issued(row, new.id, _text(cp1.issue(new, key))))
        except FieldError as error:
            faulty.append((number, str(error)))
    return issued, faulty


def _text(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise FieldError(f"{len(text)} characters, where a code holds {MOST_CHARACTERS}; shorten route or drop_offs")
    return text


def _write(issued: list[Issued], output: Path | None) -> None:
    texts = "".join(f"{one.text}\n" for one in issued)
    if output is None:
        sys.stdout.write(texts)
        return
    try:
        if output.suffix.lower() == ".csv":
            used = [name for name in FIELDS if any(one.row.get(name) for one in issued)]
            write_table(output, (*used, *RESULTS), [_result(one, used) for one in issued])
        else:
            output.write_text(texts, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"--output: {output}: {error.strerror}") from None


def _result(one: Issued, used: list[str]) -> Row:
    return {name: one.row[name] for name in used} | {"id": one.id, "text": one.text}
