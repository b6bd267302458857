"""The parking bay and the offer of the page for those without a code, as a test says they are."""

from collections.abc import Sequence

from station.domain.by_hand import Offer
from station.domain.callers import Caller
from station.domain.origin import OriginClasses
from station.domain.view import AsideView

OFFER = Offer(
    destinations=("桥北村", "县医院", "物流园"), asks_id=True, asks_phone=True, classes=OriginClasses("41", ("110105",))
)
REGULAR = Caller("豫A12345", "truck", 2, "this_province", "物流园", 9)


class ScriptedHand:
    def __init__(self) -> None:
        self.offer = OFFER
        self.standing: list[AsideView] = []
        self.known: list[Caller] = []
        self.typed: list[str] = []

    def aside(self) -> Sequence[AsideView]:
        return self.standing

    def callers(self, typed: str) -> Sequence[Caller]:
        self.typed.append(typed)
        return [caller for caller in self.known if caller.plate.startswith(typed)]
