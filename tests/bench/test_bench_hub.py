"""The bench of the hub: that both sides get the same, never how fast they are."""

from dataclasses import replace
from pathlib import Path

import bench_ingest
import bench_store
from plan import Plan


def test_store_and_bare_tables_hold_the_same_rows(tmp_path: Path) -> None:
    tables = bench_store.measure(replace(Plan(folder=tmp_path), store_rows=750))
    assert [row[0] for table in tables for row in table.rows] == [
        bench_store.STORE,
        bench_store.KEYED,
        bench_store.HEAP,
    ] * 3
    assert "750 rows each" in tables[0].text()


def test_segments_of_the_bench_are_all_different_rows() -> None:
    rows = [row for number in range(2500) for row in bench_store.a_work(number, 5)[1]]
    assert len({row[:6] for row in rows}) == len(rows)


def test_the_hub_and_the_raw_subscriber_get_the_same_messages(tmp_path: Path) -> None:
    tables = bench_ingest.measure(replace(Plan(folder=tmp_path), ingested=40))
    assert [[row[0] for row in table.rows] for table in tables] == [[bench_ingest.HUB, bench_ingest.RAW]] * 2
    assert all("40 messages each" in table.text() for table in tables)
