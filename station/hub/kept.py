"""Up to which month tallies have been forgotten: their sums by hour and day stay and are all there is."""

from station.hub.database import Connection

_SINCE = "select since, forgotten from kept where id = 1"


def kept_since(connection: Connection) -> str:
    """The first month of which all tallies are kept, as they begin: ``2026-03``. Empty: all are."""
    return str(connection.execute(_SINCE).fetchone()["since"])


def forgotten_until(connection: Connection) -> str:
    """The month up to which forgetting has come to its end; before ``kept_since`` where it goes on."""
    return str(connection.execute(_SINCE).fetchone()["forgotten"])
