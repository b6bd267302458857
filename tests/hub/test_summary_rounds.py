"""When marked hours are summed up: all of them in one round, and again in the next one."""

from hub_messages import SHANGHAI, received, segment, tally

from station.hub.database import Database
from station.hub.local_hours import LocalHours
from station.hub.store import Store
from station.hub.summaries import ROUND_SECONDS, Summaries


def marked(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute("select count(*) as n from stale_hours").fetchone()["n"])


def test_an_hour_that_goes_on_is_summed_up_once_a_round(database: Database, store: Store) -> None:
    now = 0.0
    summaries = Summaries(database, LocalHours(SHANGHAI), lambda: now)
    summaries.prepare()
    summaries._pause.set()  # nobody waits here
    store.apply([received(segment(1, tally(1)))])
    summaries.step()
    assert marked(database) == 0
    summaries.step()  # finds no more, and ends the round
    store.apply([received(segment(2, tally(2)))])
    now += ROUND_SECONDS - 1
    summaries.step()
    assert marked(database) == 1
    now += 1
    summaries.step()
    assert marked(database) == 0
