"""Two copies of one ledger that both go on, with amendments, lost messages, kills, an old state put back and a hub that
forgets: the hub's totals are what both of them hold, the rows before the copy once."""

import shutil
from collections import Counter
from pathlib import Path

from hub_messages import NOW, SHANGHAI, STATION, received
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lanes import ZONE
from made import a_moment

from station.domain.decision import Outcome
from station.domain.passage import Entry, EntryType, TallyKey
from station.domain.passes import TrafficKind
from station.hub.sqlite import SqliteDatabase
from station.hub.store import Store
from station.ledger import Ledger, Segments
from station.messages import Ack, Segment, Sync, decode_segment, encode
from station.outbox.segments import SegmentWindow

Key = tuple[str, str, str, str, str]


class Copy:
    """A ledger with its window, as a station has them; ``truth`` is where each of its own passages counts."""

    def __init__(self, folder: Path, machine: str) -> None:
        self.folder, self.machine = folder, machine
        self.now = 0.0
        self.open()

    def open(self) -> None:
        self.ledger = Ledger(self.folder, ZONE, machine=self.machine)
        self.segments = Segments(self.ledger)
        self.window = SegmentWindow(self.segments, gather=0.0)

    def close(self) -> None:
        self.segments.close()
        self.ledger.close()

    def restart(self) -> None:
        self.close()
        self.open()

    def write(self, outcome: Outcome, minute: int, which: int, *, amend: bool) -> None:
        passages = [row["seq"] for row in self._rows("SELECT seq FROM ledger WHERE type = 'passage' ORDER BY seq")]
        amends = passages[which % len(passages)] if amend and passages else None
        if amends is not None:  # an amendment stays in its minute
            minute = int(self._rows("SELECT minute FROM ledger WHERE seq = ?", amends)[0]["minute"][15])
        key = TallyKey("1", f"2026-03-02T04:0{minute}Z", TrafficKind.CAR, "unknown", outcome)
        kind = EntryType.PASSAGE if amends is None else EntryType.AMENDMENT
        self.ledger.append(Entry(kind, a_moment(), key, vehicles=1, persons=2, reasons=(), amends=amends))

    def stands(self) -> Counter[Key]:
        """How many passages count under which key now."""
        found = self._rows("""
            SELECT lane, minute, kind, origin, outcome FROM ledger AS row
            WHERE seq = (SELECT max(seq) FROM ledger WHERE passage = row.passage)""")
        return Counter(tuple(row) for row in found)

    def _rows(self, sql: str, *values: int) -> list:
        return self.segments._reader.all(sql, values)

    def offer(self, hub: "Hub", lost: set[str]) -> None:
        """Say what is due; each message and each answer may be lost."""
        self.now += 1000.0
        said: list[Segment] = []
        self.window.offer(self.now, said.append)
        for segment in said:
            if "segment" in lost:
                continue
            for answer in hub.hear(segment):
                if "answer" in lost:
                    continue
                if isinstance(answer, Ack):
                    self.window.acknowledged(answer, self.now)
                else:
                    self.window.reopen(answer.epoch, answer.segment)

    @property
    def done(self) -> bool:
        return self.segments.unacknowledged_rows() == 0


class Hub:
    def __init__(self, folder: Path) -> None:
        self.database = SqliteDatabase(folder)
        self.store = Store(self.database, SHANGHAI)

    def hear(self, segment: Segment) -> list[Ack | Sync]:
        told = decode_segment(encode(segment))
        return [reply.message for reply in self.store.apply([received(told, STATION, at=NOW)])]

    def totals(self) -> Counter[Key]:
        with self.database.reading() as connection:
            rows = connection.execute(
                "select lane, minute, kind, origin, outcome, sum(passages) as passages from tallies "
                "group by 1, 2, 3, 4, 5"
            )
            return Counter({tuple(row)[:5]: row["passages"] for row in rows if row["passages"]})


outcomes = st.sampled_from(list(Outcome))
writing = st.tuples(st.just("write"), outcomes, st.integers(0, 1), st.integers(0, 9), st.booleans())
doing = st.tuples(st.sampled_from(["offer", "restart"]), st.sets(st.sampled_from(["segment", "answer"]), max_size=1))
steps = st.lists(st.one_of(writing, doing), max_size=8)
both = st.lists(st.tuples(st.sampled_from([0, 1]), st.one_of(writing, doing)), max_size=24)


def carry_out(copy: Copy, hub: Hub, step: tuple) -> None:
    match step:
        case "write", outcome, minute, which, amend:
            copy.write(outcome, minute, which, amend=amend)
        case "offer", lost:
            copy.offer(hub, lost)
        case _:
            copy.restart()


WRITTEN = ("write", Outcome.GRANTED, 0, 0, False)


# The one says a segment of before the copy again, after the other said it: its totals count a row written since.
@example(
    [WRITTEN, WRITTEN, ("offer", {"segment"}), WRITTEN],
    [(1, ("offer", set())), (0, WRITTEN), (1, ("offer", set()))],
    "other machine",
)
@settings(max_examples=60)
@given(steps, both, st.sampled_from(["other machine", "other file"]))
def test_the_totals_of_two_copies_are_what_both_hold_with_the_rows_before_the_copy_once(
    tmp_path_factory, before, after, where
) -> None:
    folder = tmp_path_factory.mktemp("copies")
    hub = Hub(folder / "hub")
    one = Copy(folder / "one", "aa")
    for step in before:
        carry_out(one, hub, step)
    one.close()
    shutil.copytree(folder / "one", folder / "other")
    one.open()
    shared = one.stands()
    copies = [one, Copy(folder / "other", "bb" if where == "other machine" else "aa")]
    for which, step in after:
        carry_out(copies[which], hub, step)
    for _ in range(60):
        if all(copy.done for copy in copies):
            break
        for copy in copies:
            copy.offer(hub, set())
    assert [copy.done for copy in copies] == [True, True]
    expected = Counter(copies[0].stands())
    expected.update(copies[1].stands())
    expected.subtract(shared)
    assert hub.totals() == Counter({key: count for key, count in expected.items() if count})
    for copy in copies:
        copy.close()
    hub.database.close()


@settings(max_examples=30)
@given(steps, steps, steps)
def test_a_card_that_moves_on_twice_has_all_it_holds_at_the_hub(tmp_path_factory, first, second, third) -> None:
    folder = tmp_path_factory.mktemp("moves")
    hub = Hub(folder / "hub")
    card = Copy(folder / "card", "aa")
    for machine, todo in zip(("aa", "bb", "cc"), (first, second, third), strict=True):
        card.machine = machine
        card.restart()
        for step in todo:
            carry_out(card, hub, step)
    for _ in range(60):
        if card.done:
            break
        card.offer(hub, set())
    assert card.done
    assert hub.totals() == card.stands()
    assert len(card.segments.epochs()) == 3
    card.close()
    hub.database.close()
