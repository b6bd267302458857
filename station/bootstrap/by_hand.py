"""What the screens may ask beside the lanes' own views: the parking bay, and the page for those without a code."""

from collections.abc import Sequence

from station import config as cfg
from station.devices import Clock
from station.domain.by_hand import Offer
from station.domain.callers import Caller
from station.domain.origin import OriginClasses
from station.domain.view import AsideView
from station.lane import parking_bay
from station.ledger import Callers, Ledger


class HandDesk:
    """Every method may be called from any thread."""

    def __init__(self, config: cfg.StationConfig, ledger: Ledger, clock: Clock) -> None:
        """Nobody is remembered as a regular caller for longer than personal data is kept."""
        self._ledger, self._clock = ledger, clock
        self._callers = Callers(ledger, min(config.by_hand.regulars_days, config.policy.keep_personal_days))
        self.offer = _offer(config)

    def aside(self) -> Sequence[AsideView]:
        """What waits in the parking bay, the longest first, with what was decided there while it can be undone."""
        return parking_bay(self._ledger, self._clock.now())

    def callers(self, typed: str) -> Sequence[Caller]:
        """Who comes regularly, with a plate that begins like this."""
        return self._callers.beginning_with(typed, self._clock.now())

    def close(self) -> None:
        self._callers.close()


def _offer(config: cfg.StationConfig) -> Offer:
    policy = config.policy
    return Offer(
        origins=config.by_hand.origins,
        destinations=config.by_hand.destinations,
        asks_id=policy.ask_id,
        asks_phone=policy.ask_phone,
        classes=OriginClasses(policy.home_province, policy.risk_areas),
        on_foot=frozenset(lane.id for lane in config.lanes if lane.kind == "person"),
    )
