"""What the district's pages do about orders, wired from the hub's configuration."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from station import config as cfg
from station.bootstrap.signing import signing_key
from station.domain.district_orders import Draft, OrderFault, OrderNotWritten
from station.domain.orders import Order
from station.hub.database import Database
from station.hub.order_queries import OrderQueries
from station.hub.orders import Orders
from station.passes.keys import SigningKeyError
from station.passes.roles import KeyUse


class OrderDesk:
    """``book`` is where orders are written, ``questions`` what is asked of it. ``fault`` says why nobody can write one
    on the pages although there is a ``signing.order_key``.

    :raises SigningKeyError: there is none where the configuration names one.
    """

    def __init__(self, database: Database, config: cfg.HubConfig, now: Callable[[], datetime]) -> None:
        zone = ZoneInfo(config.hub.timezone)
        self.book = Orders(database, config.hub.district, now, zone)
        self.questions = OrderQueries(database, now, zone)
        signing = config.signing
        self._key, self.fault = None, ""
        try:
            self._key = signing_key(signing, KeyUse.ORDERS) if signing.order_key else None
        except SigningKeyError as error:
            if not Path(signing.order_key).exists():
                raise
            self.fault = f"signing.order_key: {error}"

    @property
    def may_write(self) -> bool:
        """Whether there is a key to sign with on the pages."""
        return self._key is not None

    def write(self, draft: Draft, written_by: str) -> Order:
        """:raises OrderNotWritten: it cannot be sent. :raises StoreFault: it is not stored."""
        if self._key is None:
            raise OrderNotWritten(OrderFault.NO_KEY, self.fault or "signing.order_key: is missing in hub.toml")
        return self.book.write(draft, self._key, written_by)
