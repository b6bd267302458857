"""The tree in memory: sums that always agree with the stations beneath, and what is worst first."""

from typing import Any

import pytest
from hub_messages import NOW
from hypothesis import given, settings
from hypothesis import strategies as st

from station.domain.levels import Level
from station.hub.live_tree import SUMMED, LiveTree, UnknownLevel

PATHS = ("pingyuan", "pingyuan/a", "pingyuan/a/x", "pingyuan/b", "elsewhere/y")


def a_station(name: str, path: str = "pingyuan/a/x", granted: int = 0, **given: Any) -> dict[str, Any]:
    lane = dict.fromkeys(SUMMED, 0) | {"granted": granted, "passages": granted, "unmatched": given.pop("unmatched", 0)}
    known = {"id": name, "levels": tuple(path.split("/")), "state": "online", "clock": "trusted", "lists": {}}
    return {
        **known,
        "shared": False,
        "regressed": False,
        "faults": (),
        "bad_messages": 0,
        "backlog": 0,
        "lanes": [lane],
        **given,
    }


def a_tree(**versions: int) -> LiveTree:
    return LiveTree("pingyuan", lambda: NOW, lambda: versions)


def reasons(tree: LiveTree, station: dict[str, Any]) -> list[str]:
    tree.put(station)
    view = tree.station(station["id"])
    assert view is not None
    return list(view["reasons"])


PUTS = st.lists(
    st.builds(
        a_station,
        st.sampled_from("abc"),
        st.sampled_from(PATHS),
        st.integers(0, 9),
        state=st.sampled_from(("online", "lost", "stale", "unknown")),
        backlog=st.sampled_from((0, 500)),
    ),
    max_size=25,
)


@given(PUTS)
@settings(max_examples=100, deadline=None)
def test_every_level_is_the_sum_of_the_stations_beneath_it_whatever_came_before(puts: list[dict[str, Any]]) -> None:
    tree = a_tree()
    for station in puts:
        tree.put(station)
    newest = {station["id"]: station for station in puts}
    for path in tree.paths():
        under = [
            one
            for one in newest.values()
            if path == "pingyuan" or one["levels"][: len(path.split("/"))] == tuple(path.split("/"))
        ]
        view = tree.node(path)
        assert view["stations"] == sum(view["states"].values()) == len(under)
        assert view["granted"] == sum(one["lanes"][0]["granted"] for one in under)
        assert view["attention"].get("lost", 0) == sum(one["state"] == "lost" for one in under)
        assert view["backlog"] == sum(one["backlog"] for one in under)
        wrong = [one for one in under if one["backlog"] or one["state"] != "online"]
        assert tree.attention(path, 9)["total"] == len(wrong)


def test_a_change_is_told_of_the_station_and_the_levels_above_it_and_of_no_others() -> None:
    tree = a_tree()
    tree.put(a_station("one", "pingyuan/a/x"))
    tree.put(a_station("two", "pingyuan/b"))
    topics = ["level/pingyuan", "level/pingyuan/a", "level/pingyuan/b", "level/nowhere", "station/one", "station/two"]
    revision, views = tree.changes([*topics, "clock"], 0)
    assert list(views) == [topic for topic in topics if topic != "level/nowhere"]
    tree.put(a_station("two", "pingyuan/b"))
    assert tree.changes(topics, revision) == (revision, {})
    tree.put(a_station("two", "pingyuan/b", granted=1))
    revision, views = tree.changes(topics, revision)
    assert list(views) == ["level/pingyuan", "level/pingyuan/b", "station/two"]
    assert views["level/pingyuan/b"]["granted"] == views["station/two"]["lanes"][0]["granted"] == 1


def test_a_level_with_another_title_is_told_anew() -> None:
    tree = a_tree()
    tree.put(a_station("one", "pingyuan/a"))
    revision, _ = tree.changes([], 0)
    tree.title([Level("pingyuan/a", "甲", "A")])
    revision, views = tree.changes(["level/pingyuan", "level/pingyuan/a"], revision)
    assert [(topic, view["en"]) for topic, view in views.items()] == [("level/pingyuan/a", "A")]
    tree.title([Level("pingyuan/a", "甲", "A")])
    assert tree.changes(["level/pingyuan", "level/pingyuan/a"], revision)[1] == {}


def test_the_worst_stand_first() -> None:
    tree = a_tree()
    for name, said in (
        ("well", {}),
        ("behind", {"backlog": 500}),
        ("lost", {"state": "lost"}),
        ("doubted", {"clock": "untrusted", "unmatched": 2}),
        ("lost too", {"state": "lost", "clock": "untrusted"}),
    ):
        tree.put(a_station(name, f"pingyuan/{name}", **said))
    order = ["lost too", "lost", "doubted", "behind"]
    assert [view["path"] for view in tree.children("pingyuan")["levels"]] == [f"pingyuan/{n}" for n in (*order, "well")]
    attention = tree.attention("pingyuan", 2)
    assert ([view["id"] for view in attention["stations"]], attention["total"]) == (order[:2], 4)
    assert attention["stations"][0]["reasons"] == ["lost", "clock"]


def test_a_station_that_holds_an_older_list_needs_attention() -> None:
    tree = a_tree(**{"revocations": 7, "one/watchlist": 3})
    assert reasons(tree, a_station("one", lists={"revocations": 7})) == ["lists"]
    assert reasons(tree, a_station("one", lists={"revocations": 7, "one/watchlist": 3})) == []
    assert reasons(tree, a_station("two", lists={"revocations": 7})) == []


def test_a_level_of_the_registry_is_there_before_its_first_station() -> None:
    tree = a_tree()
    tree.title([Level("pingyuan/c", "丙", "C")])
    assert tree.node("pingyuan/c")["zh"] == "丙"
    assert [view["path"] for view in tree.children("pingyuan")["levels"]] == ["pingyuan/c"]
    with pytest.raises(UnknownLevel, match="/api/v1/levels lists them"):
        tree.node("pingyuan/d")


def test_a_station_that_moved_is_told_where_it_stands_now() -> None:
    tree = a_tree()
    tree.put(a_station("one", "pingyuan/a"))
    tree.put(a_station("one", "pingyuan/b"))
    assert tree.placed("one") == ("pingyuan", "b")
    assert tree.placed("nobody") == ()
    assert tree.children("pingyuan/a")["stations"] == []
