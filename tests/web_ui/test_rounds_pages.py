"""Disinfection, people handed on, goods at the gate, and the board of the day, by plain forms."""

import re
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from remembering_station import RememberingStation
from scripted_duty import an_operator

from station.domain.commands import Refusal
from station.domain.rounds import HourCounts
from web_ui.kiosk.today import PLOT_HEIGHT, PLOT_WIDTH, bars

SHANGHAI = ZoneInfo("Asia/Shanghai")


def posted(client: FlaskClient, page: str, path: str, **fields: object) -> tuple[int, str]:
    token = re.search(r'name="token" value="([^"]*)"', client.get(page).text)
    assert token
    answer = client.post(path, data={"token": token[1], **fields})
    return answer.status_code, answer.text


def test_a_round_names_its_lanes_and_whoever_is_on_duty(client: FlaskClient, station: RememberingStation) -> None:
    station.shifts.on_duty = (an_operator(), an_operator(number="0108"))
    assert posted(client, "/rounds", "/rounds/disinfected", lane=["2"], operator="0108", round="x")[0] == 303
    assert posted(client, "/rounds", "/rounds/disinfected", lane=["1"], operator="9999", round="y")[0] == 303
    assert station.rounds.asked == [("disinfected", "2", "0108"), ("disinfected", "1", "0107")]


def test_a_round_at_no_lane_is_asked_again(client: FlaskClient, station: RememberingStation) -> None:
    status, page = posted(client, "/rounds", "/rounds/disinfected", lane=["9"])
    assert (status, "请选择车道" in page, station.rounds.asked) == (400, True, [])


def test_nobody_signed_on_is_written_down_as_unattended(client: FlaskClient, station: RememberingStation) -> None:
    posted(client, "/rounds", "/rounds/handed", group="child", persons="2", car="豫A12345")
    assert station.rounds.asked == [("hand", "child", 2, "豫A12345", "unattended")]


@pytest.mark.parametrize(("group", "persons"), [("cat", "1"), ("ill", "0"), ("ill", ""), ("ill", "100")])
def test_a_group_and_a_number_are_needed(
    client: FlaskClient, station: RememberingStation, group: str, persons: str
) -> None:
    status, page = posted(client, "/rounds", "/rounds/handed", group=group, persons=persons)
    assert (status, "请选择类别" in page, station.rounds.asked) == (400, True, [])


def test_goods_are_taken_in_and_given_out(client: FlaskClient, station: RememberingStation) -> None:
    assert "王先生" in client.get("/deliveries").text
    assert posted(client, "/deliveries", "/deliveries", whose=" 李  女士 ", shelf="B1", what="")[0] == 303
    assert posted(client, "/deliveries", "/deliveries/d1/collected")[0] == 303
    assert station.rounds.asked == [("leave", "B1", "李 女士", "", "unattended"), ("collect", "d1", "unattended")]


def test_what_was_collected_already_is_said(client: FlaskClient, station: RememberingStation) -> None:
    station.rounds.refusal = Refusal.NOT_FOUND
    status, page = posted(client, "/deliveries", "/deliveries/d1/collected")
    assert (status, 'class="wrong"' in page) == (409, True)


def test_the_board_of_the_day_says_its_sums_in_figures_too(client: FlaskClient, station: RememberingStation) -> None:
    station.hours = [HourCounts("1", 8, 70, 2, 1), HourCounts("2", 9, 30, 0, 1)]
    page = client.get("/today").text
    assert all(f"<b>{n}</b>" in page for n in (100, 2))
    assert "<td>73</td>" in page


@pytest.mark.parametrize("hour", range(24))
def test_the_board_is_of_the_stations_day_and_has_all_its_counts_at_every_hour(
    client: FlaskClient, station: RememberingStation, hour: int
) -> None:
    """The machine's own clock and zone say nothing: between 00:00 and 08:00 in Shanghai it is another day in UTC."""
    station.now = datetime(2024, 2, 29, hour, 1, tzinfo=SHANGHAI)
    station.hours = [HourCounts("1", each, 100 + each, 0, 0) for each in range(hour + 1)]
    page = client.get("/today").text
    assert "2024-02-29" in page
    assert all(f"<td>{100 + each}</td>" in page for each in range(hour + 1))


def test_counts_of_a_clock_that_went_fast_are_on_the_board(client: FlaskClient, station: RememberingStation) -> None:
    station.now = datetime(2026, 3, 2, 1, 0, tzinfo=SHANGHAI)
    station.hours = [HourCounts("1", 23, 41, 0, 0)]
    page = client.get("/today").text
    assert "<td>41</td>" in page


@given(
    st.lists(
        st.builds(HourCounts, st.sampled_from("12"), st.integers(0, 23), *(st.integers(0, 5000),) * 3),
        unique_by=lambda one: (one.hour, one.lane),
    ),
    st.integers(0, 23),
)
def test_every_bar_lies_in_the_plot_beside_the_others_whatever_the_day(counts: list[HourCounts], hour: int) -> None:
    drawn = bars(counts, ("1", "2"), hour)
    assert sum(bar.total for bar in drawn) == sum(c.granted + c.held + c.denied for c in counts)
    assert all(bar.x >= 0 and bar.x + bar.width <= PLOT_WIDTH + 1 for bar in drawn)
    assert all(one.x + one.width <= other.x + 0.2 for one, other in pairwise(drawn))
    assert all(-0.3 <= piece.top <= PLOT_HEIGHT for bar in drawn for piece in bar.pieces)
