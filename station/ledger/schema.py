"""The ledger's tables. Migrations are named functions, each one transaction; append, never edit a released one."""

from collections.abc import Collection

from sqlite_utils import Database, Migrations

from station.domain.events import Event

migrations = Migrations("ledger")


@migrations()
def m001_ledger(db: Database) -> None:
    """Rows of the ledger. Each carries its passage's whole state; the last row of a passage is what holds now."""
    db.create_table(
        "ledger",
        {
            "seq": int,
            "type": str,
            "passage": int,
            "at": str,
            "trusted": int,
            "boot": str,
            "monotonic": float,
            "lane": str,
            "minute": str,
            "kind": str,
            "origin": str,
            "outcome": str,
            "passages": int,
            "vehicles": int,
            "persons": int,
            "reasons": str,
            "pass_id": str,
            "pass_kind": str,
            "operator": str,
            "evidence": str,
            "sealed": bytes,
            "hash": bytes,
        },
        pk="seq",
        not_null={"type", "passage", "at", "lane", "minute", "kind", "origin", "outcome", "sealed", "hash"},
    )
    db.table("ledger").create_index(["passage", "seq"])
    db.table("ledger").create_index(["lane", "minute"])
    db.execute("CREATE INDEX idx_ledger_pass_id ON ledger (pass_id, seq) WHERE pass_id <> ''")


@migrations()
def m002_append_only(db: Database) -> None:
    """Nothing is updated in place, and nobody who opens the file by accident does so either."""
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER ledger_no_{verb.lower()} BEFORE {verb} ON ledger "
            "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )


@migrations()
def m003_outbox(db: Database) -> None:
    """Which stretch of the ledger each numbered segment covers, and what the hub has acknowledged."""
    db.create_table(
        "segments", {"segment": int, "from_seq": int, "through_seq": int}, pk="segment", not_null={"from_seq"}
    )
    db.create_table("meta", {"key": str, "value": int}, pk="key", not_null={"value"})


@migrations()
def m004_beside(db: Database) -> None:
    """A code that was shown beside a pass is found as fast as the pass itself."""
    beside = "json_extract(evidence, '$.beside')"
    db.execute(f"CREATE INDEX idx_ledger_beside ON ledger ({beside}) WHERE {beside} IS NOT NULL")


@migrations()
def m005_events(db: Database) -> None:
    """What happened beside the passages is found without walking over them."""
    db.execute("CREATE INDEX idx_ledger_event ON ledger (seq) WHERE type = 'event'")


@migrations()
def m006_aside(db: Database) -> None:
    """What stands in the parking bay is found at once after a restart."""
    aside = "json_extract(evidence, '$.aside')"
    db.execute(f"CREATE INDEX idx_ledger_aside ON ledger (passage) WHERE {aside} IS NOT NULL")


@migrations()
def m007_epochs(db: Database) -> None:
    """Which rows count in which epoch, and where the ledger was at home when each began. Segments go on being numbered
    through all of them, so software from before there were several finds what it knows."""
    db.execute("""
        CREATE TABLE epochs (
            number INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, from_seq INTEGER NOT NULL, home TEXT NOT NULL)
    """)
    db.execute("CREATE INDEX idx_segments_through ON segments (through_seq)")


# Rows of passages, among crossings and events, which count under no key.
OF_PASSAGES = "type IN ('passage', 'amendment')"

# A passage as it stands now: its last row, with the time and the seal of its first.
PASSAGES_NOW = """
SELECT last.seq AS row, first.at AS first_at, last.*
FROM ledger AS first
JOIN ledger AS last ON last.seq = (SELECT max(seq) FROM ledger WHERE passage = first.seq)
WHERE first.type = 'passage'
"""

# Passages that wait in the parking bay.
PASSAGES_ASIDE = f"""
SELECT passage FROM ({PASSAGES_NOW} AND first.seq IN
  (SELECT passage FROM ledger WHERE json_extract(evidence, '$.aside') IS NOT NULL))
WHERE json_extract(evidence, '$.aside') IS NOT NULL AND outcome = 'held' AND passages > 0
ORDER BY passage
"""  # noqa: S608 - put together from constants

# Passages of which any row was written for a code. The comparison with '' lets the index be used, which leaves it out.
PASSAGES_ON_CODE = """
SELECT passage FROM ledger WHERE pass_id = :code AND pass_id <> ''
UNION SELECT passage FROM ledger WHERE json_extract(evidence, '$.beside') = :code
"""


def of_kinds(kinds: Collection[type[Event]]) -> str:
    """Rows of events of these kinds, whose names are the values."""
    return f"type = 'event' AND json_extract(evidence, '$.event') IN ({', '.join('?' * len(kinds))})"
