"""What the hub is told of the five musts, against what the station's own daily report counts."""

from collections import Counter
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from lanes import ZONE, LaneRig, cut
from made import a_moment, a_pass

from station.domain import entries
from station.domain.decision import Outcome, Source
from station.domain.passage import Entry, EntryType, TallyKey
from station.domain.passes import Attestation, Must, TrafficKind
from station.domain.sums import MustSums
from station.ledger import Ledger, MustHour, Segments
from station.ledger.report import day_figures

DAY = date(2026, 3, 2)


def told(segments: Segments) -> list[MustHour]:
    """What the next segment says of the musts."""
    stretch = cut(segments)
    assert stretch is not None
    return segments.musts(segments.tallies(stretch), stretch)


def test_an_hour_says_how_many_of_its_passages_had_each_must(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.scan(a_pass())
    rig.scan(a_pass(musts={Must.IDENTITY: Attestation.DECLARED}))
    (hour,) = told(Segments(rig.ledger))
    assert (hour.lane, hour.hour, hour.version) == ("1", "2026-03-02T04:00Z", 2)
    assert hour.sums == MustSums(2, identity=2, itinerary=1, test=1, temperature=1, disinfection=1)


def test_what_an_operator_adds_later_is_told_with_the_hours_total(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    row = rig.scan(a_pass(musts={}))
    rig.scan(a_pass())
    segments = Segments(rig.ledger)
    told(segments)
    rig.ledger.append(entries.decided_by_operator(row, Outcome.GRANTED, "", a_moment(5)))
    (hour,) = told(segments)
    assert (hour.sums.passages, hour.sums.identity) == (2, 1)


def test_hours_are_local_ones_where_the_zone_lies_half_an_hour_off(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, ZoneInfo("Asia/Kolkata"))
    for minute in ("2026-03-02T04:29Z", "2026-03-02T04:30Z", "2026-03-02T05:29Z"):
        ledger.append(an_entry(minute, ()))
    assert [(hour.hour, hour.sums.passages) for hour in told(Segments(ledger))] == [
        ("2026-03-02T03:30Z", 1),
        ("2026-03-02T04:30Z", 2),
    ]


def test_of_unknown_time_nothing_is_told_until_the_time_is(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, ZONE)
    row = ledger.append(an_entry("boot:boot0001+3", tuple(Must)))
    segments = Segments(ledger)
    assert told(segments) == []
    ledger.append(an_entry("2026-03-02T04:03Z", tuple(Must), row.passage))
    (hour,) = told(segments)
    assert hour.sums == MustSums(1, 1, 1, 1, 1, 1)


actions = st.lists(
    st.tuples(
        st.sampled_from(["pass", "amend", "cut"]),
        st.integers(0, 5),
        st.sampled_from(["2026-03-02T04:10Z", "2026-03-02T04:59Z", "2026-03-02T05:00Z", "boot:boot0001+1"]),
        st.sets(st.sampled_from(list(Must))),
    ),
    max_size=30,
)


@given(actions, st.randoms())
def test_in_whatever_order_and_however_often_segments_arrive_the_hub_ends_with_the_musts_of_the_stations_report(
    tmp_path_factory, todo, shuffle
) -> None:
    folder = tmp_path_factory.mktemp("ledger")
    ledger = Ledger(folder, ZONE)
    segments = Segments(ledger)
    minutes: dict[int, str] = {}
    for action, which, minute, musts in todo:
        if action == "cut":
            cut(segments)
        elif action == "pass" or not minutes:
            row = ledger.append(an_entry(minute, musts))
            minutes[row.passage] = minute
        else:
            passage = list(minutes)[which % len(minutes)]
            known = minutes[passage]
            minutes[passage] = minute if known.startswith("boot:") else known  # only an unknown time is ever corrected
            ledger.append(an_entry(minutes[passage], musts, passage))
    while cut(segments):
        pass
    last = segments.last()
    numbers = list(range(1, last.segment + 1)) if last else []
    arriving = numbers + numbers[: len(numbers) // 2]
    shuffle.shuffle(arriving)
    figures = day_figures(folder, DAY, ZONE)
    heard = hubs_view(segments, arriving)
    assert heard.pop("passages", 0) == figures.total.passages
    assert heard == Counter({must: count for (must, _), count in figures.musts.items()})
    segments.close()
    ledger.close()


def hubs_view(segments: Segments, numbers: list[int]) -> Counter[str]:
    """What a hub that keeps the highest version of each lane and hour ends with."""
    best: dict[tuple[str, str], MustHour] = {}
    for number in numbers:
        stretch = segments.stretch(number)
        assert stretch is not None
        for hour in segments.musts(segments.tallies(stretch), stretch):
            if (hour.lane, hour.hour) not in best or best[hour.lane, hour.hour].version < hour.version:
                best[hour.lane, hour.hour] = hour
    return +sum(
        (Counter({name: getattr(hour.sums, name) for name in ("passages", *Must)}) for hour in best.values()), Counter()
    )


def an_entry(minute: str, musts, amends: int | None = None) -> Entry:
    kind = EntryType.PASSAGE if amends is None else EntryType.AMENDMENT
    key = TallyKey("1", minute, TrafficKind.CAR, "unknown", Outcome.GRANTED)
    evidence = {must.value: Source.OPERATOR.value for must in musts}
    return Entry(kind, a_moment(), key, vehicles=1, persons=1, reasons=(), amends=amends, evidence=evidence)
