import threading

from station.feed import Feed


def test_a_screen_gets_everything_first_and_then_only_what_changed() -> None:
    feed = Feed()
    feed.publish("lane/1", {"n": 1})
    feed.publish("lane/2", {"n": 2})
    revision, topics = feed.changes(0, 0)
    assert topics == {"lane/1": {"n": 1}, "lane/2": {"n": 2}}
    feed.publish("lane/2", {"n": 3})
    assert feed.changes(revision, 0) == (3, {"lane/2": {"n": 3}})


def test_a_slow_screen_gets_the_newest_state_and_no_backlog() -> None:
    feed = Feed()
    for number in range(1000):
        feed.publish("lane/1", {"n": number})
    assert feed.changes(0, 0)[1] == {"lane/1": {"n": 999}}


def test_an_unchanged_snapshot_wakes_nobody() -> None:
    feed = Feed()
    feed.publish("station", {"a": 1})
    revision, _ = feed.changes(0, 0)
    feed.publish("station", {"a": 1})
    assert feed.changes(revision, 0) == (revision, {})


def test_closing_wakes_every_screen() -> None:
    feed = Feed()
    waiting = [threading.Thread(target=feed.changes, args=(0, 60)) for _ in range(3)]
    for screen in waiting:
        screen.start()
    feed.close()
    for screen in waiting:
        screen.join(10)
        assert not screen.is_alive()
