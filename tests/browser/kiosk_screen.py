"""The touchscreen in a real browser, in front of the real server and a scripted station."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page
from scripted_kiosk import MET, ScriptedKiosk, at

from web_ui.server import Server

WITHIN_A_SECOND = 1000
SIZES = [(800, 480), (1280, 800)]
HARD = {
    "outcome": "denied",
    "proposed": "denied",
    "reasons": ("expired", "out_of_scope", "possible_copy", "test_missing", "disinfection_missing"),
    "musts": {"identity": "attested", "itinerary": "declared", "temperature": "sensor"},
}
CERTIFIED = {
    "outcome": "held",
    "proposed": "held",
    "reasons": ("test_missing", "forged", "expired"),
    "musts": {must: source for must, source in MET.items() if must != "test"},
    "said": {
        "declaration.itinerary": "410700 420100 411400",
        "health.kind": "test",
        "health.result": "negative",
        "health.on": at(-14 * 3600),
        "health.until": at(40 * 3600),
    },
    "certificates": 1,
    "against": ("forged", "expired"),
    "named": True,
}
GRANTED = {"outcome": "granted", "proposed": "granted", "reasons": ("by_operator",), "by_operator": True}


@dataclass
class Screen:
    station: ScriptedKiosk
    server: Server
    page: Page
    errors: list[str] = field(default_factory=list)

    def lane(self, lane: str = "1") -> Locator:
        return self.page.locator(f'[data-lane="{lane}"]')

    def button(self, name: str, lane: str = "1") -> Locator:
        return self.lane(lane).locator(f'[data-do="{name}"]')

    def slot(self, name: str, lane: str = "1") -> Locator:
        return self.lane(lane).locator(f'[data-slot="{name}"]')


Opening = Callable[..., Screen]


class Ignoring(list[str]):
    """Console messages, without those that a test provokes."""

    def __init__(self, *provoked: str) -> None:
        super().__init__()
        self._provoked = provoked

    def append(self, message: str) -> None:
        if not any(part in message for part in self._provoked):
            super().append(message)
