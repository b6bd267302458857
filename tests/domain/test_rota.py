"""The plan of shifts: every moment belongs to one of them, and it repeats."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from station.domain.details import BadgeRole
from station.domain.roster import Member
from station.domain.rota import CHANGEOVER, Rota, due_view, expected, turn_after, turn_at
from station.domain.shifts import OnDuty

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 3, 2)
EIGHT = tuple("ABCDEFGH")
THREE = (time(0), time(8), time(16))
# Eight teams over three shifts come round in eight days.
PLAN = Rota(MONDAY, THREE, tuple(tuple(EIGHT[(3 * day + shift) % 8] for shift in range(3)) for day in range(8)))
NIGHTS = Rota(MONDAY, (time(6, 30), time(22)), (("A", "B"), ("C", "D")))

begins = st.lists(st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=1, max_size=6, unique=True)


@st.composite
def rotas(draw: st.DrawFn) -> Rota:
    times = tuple(sorted(draw(begins)))
    days = draw(st.integers(1, 9))
    teams = tuple(tuple(f"{day}.{shift}" for shift in range(len(times))) for day in range(days))
    return Rota(draw(st.dates(date(2020, 1, 1), date(2030, 1, 1))), times, teams)


def first(rota: Rota) -> datetime:
    return datetime.combine(rota.start, rota.begins[0], ZONE)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


@given(rotas(), st.timedeltas(timedelta(0), timedelta(days=60)))
def test_every_moment_from_the_first_shift_on_lies_in_exactly_one(rota: Rota, later: timedelta) -> None:
    moment = first(rota) + later
    turn = turn_at(rota, moment)
    assert turn is not None
    assert turn.begins <= moment < turn.ends
    assert turn_at(rota, turn.begins) == turn
    assert turn_at(rota, turn.ends - timedelta(microseconds=1)) == turn


@given(rotas())
def test_shifts_follow_one_another_without_a_gap_and_every_team_of_the_plan_comes_in_its_order(rota: Rota) -> None:
    moment, teams = first(rota), []
    for _ in range(len(rota.begins) * len(rota.days)):
        turn = turn_at(rota, moment)
        assert turn is not None
        assert turn.begins == moment
        assert turn_after(rota, moment).begins == turn.ends
        teams.append(turn.team)
        moment = turn.ends
    assert teams == [team for day in rota.days for team in day]


@given(rotas(), st.timedeltas(timedelta(0), timedelta(days=60)), st.integers(0, 40))
def test_a_plan_repeats_after_its_last_day(rota: Rota, later: timedelta, rounds: int) -> None:
    moment = first(rota) + later
    again = timedelta(days=len(rota.days) * rounds)
    now, then = turn_at(rota, moment), turn_at(rota, moment + again)
    assert now is not None
    assert then is not None
    assert (then.team, then.begins, then.ends) == (now.team, now.begins + again, now.ends + again)


@given(rotas(), st.timedeltas(timedelta(microseconds=1), timedelta(days=400)))
def test_before_its_first_shift_nobody_is_due_and_the_first_one_comes_next(rota: Rota, earlier: timedelta) -> None:
    moment = first(rota) - earlier
    assert turn_at(rota, moment) is None
    assert turn_after(rota, moment).begins == first(rota)


def test_a_night_shift_goes_on_over_midnight() -> None:
    for moment in (at(2, 22), at(2, 23, 59), at(3, 0), at(3, 6, 29)):
        turn = turn_at(NIGHTS, moment)
        assert turn is not None
        assert (turn.team, turn.begins, turn.ends) == ("B", at(2, 22), at(3, 6, 30))
    following = turn_at(NIGHTS, at(3, 6, 30))
    assert following is not None
    assert following.team == "C"


def test_around_a_change_both_teams_are_expected() -> None:
    edge = at(2, 8)
    assert expected(PLAN, edge - CHANGEOVER - timedelta(minutes=1)) == {"A"}
    assert expected(PLAN, edge - CHANGEOVER) == {"A", "B"}
    assert expected(PLAN, edge + CHANGEOVER - timedelta(minutes=1)) == {"A", "B"}
    assert expected(PLAN, edge + CHANGEOVER) == {"B"}


def on(number: str, team: str) -> OnDuty:
    return OnDuty(number, f"{number[0]}**", team, BadgeRole.OPERATOR, "", 1, ())


def test_who_of_the_due_team_is_on_who_is_missing_and_whether_enough_know_the_work() -> None:
    roster = {n: Member(n, f"{n[0]}**", "B", experienced=n < "4") for n in ("1", "2", "3", "4")}
    roster |= {"9": Member("9", "9**", "B", BadgeRole.INSPECTOR), "7": Member("7", "7**", "C", experienced=True)}
    view = due_view(PLAN, at(2, 9), [on("1", "B"), on("2", "B"), on("7", "C")], roster)
    assert (view.team, view.ends, view.next_team, view.next_at) == (
        "B",
        "2026-03-02T08:00:00Z",
        "C",
        "2026-03-02T08:00:00Z",
    )
    assert (view.on, view.missing) == (("1** 1", "2** 2"), ("3** 3", "4** 4"))
    assert (view.experienced, view.enough) == (2, False)
    assert due_view(PLAN, at(2, 9), [on(n, "B") for n in "1234"], roster).enough


def test_before_the_plan_begins_nobody_is_missing() -> None:
    view = due_view(
        PLAN, datetime(2026, 2, 1, tzinfo=UTC).astimezone(ZONE), [on("1", "")], {"1": Member("1", "1**", "")}
    )
    assert (view.team, view.on, view.missing, view.next_team) == ("", (), (), "A")
