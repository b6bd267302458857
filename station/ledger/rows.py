"""A ledger row as the table holds it, and the hash that chains it to the row before."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from station.domain.decision import Outcome
from station.domain.moment import Moment
from station.domain.passage import Entry, EntryType, Personal, Row, TallyKey
from station.domain.passes import TrafficKind
from station.domain.reasons import Reason

COLUMNS = (
    "seq",
    "type",
    "passage",
    "at",
    "trusted",
    "boot",
    "monotonic",
    "lane",
    "minute",
    "kind",
    "origin",
    "outcome",
    "passages",
    "vehicles",
    "persons",
    "reasons",
    "pass_id",
    "pass_kind",
    "operator",
    "evidence",
    "sealed",
)
INSERT = f"INSERT INTO ledger ({', '.join((*COLUMNS, 'hash'))}) VALUES ({', '.join('?' * (len(COLUMNS) + 1))})"  # noqa: S608
GENESIS = bytes(32)

Values = tuple[Any, ...]


def values_of(entry: Entry, seq: int, passage: int, sealed: bytes) -> Values:
    """The row's columns, in the order of ``COLUMNS``."""
    key = entry.key
    return (
        seq,
        entry.type.value,
        passage,
        entry.at.text,
        int(entry.at.trusted),
        entry.at.boot,
        entry.at.monotonic,
        key.lane,
        key.minute,
        key.kind.value,
        key.origin,
        key.outcome.value,
        entry.passages,
        entry.vehicles,
        entry.persons,
        json.dumps(entry.reasons),
        entry.pass_id,
        entry.pass_kind,
        entry.operator,
        json.dumps(dict(entry.evidence), sort_keys=True, ensure_ascii=False),
        sealed,
    )


def chain(previous: bytes, values: Iterable[Any]) -> bytes:
    """SHA-256 over the previous row's hash and this row's columns as JSON (bytes as hex)."""
    plain = [value.hex() if isinstance(value, bytes) else value for value in values]
    return hashlib.sha256(previous + json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()).digest()


def row_of(record: sqlite3.Row | Mapping[str, Any], personal: Personal) -> Row:
    """A stored record back to the row; ``personal`` is what its seal held."""
    at = Moment(
        datetime.fromisoformat(record["at"]), bool(record["trusted"]), record["boot"], float(record["monotonic"])
    )
    kind = EntryType(record["type"])
    entry = Entry(
        type=kind,
        at=at,
        key=key_of(record),
        passages=record["passages"],
        vehicles=record["vehicles"],
        persons=record["persons"],
        reasons=tuple(Reason(reason) for reason in json.loads(record["reasons"])),
        amends=record["passage"] if kind is EntryType.AMENDMENT else None,
        pass_id=record["pass_id"],
        pass_kind=record["pass_kind"],
        operator=record["operator"],
        evidence=json.loads(record["evidence"]),
        personal=personal,
    )
    return Row(record["seq"], record["passage"], entry, record["hash"])


def key_of(record: sqlite3.Row | Mapping[str, Any]) -> TallyKey:
    return TallyKey(
        lane=record["lane"],
        minute=record["minute"],
        kind=TrafficKind(record["kind"]),
        origin=record["origin"],
        outcome=Outcome(record["outcome"]),
    )
