"""The bench of the hub: that both sides get the same, never how fast they are."""

from dataclasses import replace
from pathlib import Path

import bench_ingest
import bench_rollup
import bench_store
import bench_store_postgres
import pytest
import regression
from plan import PROJECT, Plan
from postgres import missing

pytestmark = pytest.mark.clock


def test_store_and_bare_tables_hold_the_same_rows(tmp_path: Path) -> None:
    tables = bench_store.measure(replace(Plan(folder=tmp_path), store_rows=750))
    assert [row[0] for table in tables for row in table.rows] == [
        bench_store.STORE,
        bench_store.KEYED,
        bench_store.HEAP,
    ] * 3
    assert "750 rows each" in tables[0].text()


def test_the_store_on_postgresql_and_the_bare_ways_hold_the_same_rows(tmp_path: Path) -> None:
    if reason := missing():
        pytest.skip(reason)
    tables = bench_store_postgres.measure(replace(Plan(folder=tmp_path), store_rows=750))
    ways = [bench_store.STORE, bench_store_postgres.COPIED, bench_store_postgres.EXECUTED]
    assert [[row[0] for row in table.rows] for table in tables] == [ways] * 3


def test_segments_of_the_bench_are_all_different_rows() -> None:
    rows = [row for number in range(2500) for row in bench_store.a_work(number, 5)[1]]
    assert len({row[:6] for row in rows}) == len(rows)


def test_the_hub_and_the_raw_subscriber_get_the_same_messages(tmp_path: Path) -> None:
    tables = bench_ingest.measure(replace(Plan(folder=tmp_path), ingested=40))
    assert [[row[0] for row in table.rows] for table in tables] == [[bench_ingest.HUB, bench_ingest.RAW]] * 2
    assert all("40 messages each" in table.text() for table in tables)


def test_roll_ups_from_summaries_say_what_the_tallies_say(tmp_path: Path) -> None:
    quiet, busy = bench_rollup.measure(replace(Plan(folder=tmp_path), rolled_up=25, turns=1))
    for table in (quiet, busy):
        assert [row[1] for row in table.rows] == [bench_rollup.SUMMED, bench_rollup.NAIVE] * len(bench_rollup.QUESTIONS)
        assert "25 stations of 4 lanes, 30 days, 9,000 tallies" in table.text()


def test_two_versions_of_the_hub_are_given_the_same_messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_ingest, "STATIONS", 20)
    table = regression.compare(PROJECT, turns=1, rounds=2, cluster=None, folder=tmp_path)
    steps = [("live", "read"), ("live", "store"), ("segment", "read"), ("segment", "store")]
    assert [row[:2] for row in table.rows] == steps
    assert "20 stations, 2 messages of each" in table.text()
