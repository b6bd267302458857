"""Every page that the menu leads to, in the order in which they stand on it."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from web_ui.kiosk.services import KioskServices


@dataclass(frozen=True, slots=True)
class Entry:
    """``text`` is a key of the translations, ``icon`` a symbol of shapes.svg."""

    endpoint: str
    text: str
    icon: str


ENTRIES: tuple[Entry, ...] = (
    Entry("shift.page", "entry.shift", "icon-shift"),
    Entry("bay.page", "entry.bay", "icon-bay"),
    Entry("today.page", "entry.today", "icon-today"),
    Entry("rounds.page", "entry.rounds", "icon-rounds"),
    Entry("deliveries.page", "entry.deliveries", "icon-delivery"),
    Entry("incidents.page", "entry.incidents", "icon-incident"),
    Entry("inspections.page", "entry.inspections", "icon-inspection"),
    Entry("orders.page", "entry.orders", "icon-order"),
    Entry("condition.page", "entry.condition", "icon-condition"),
)


def blueprint(_: KioskServices) -> Blueprint:
    pages = Blueprint("menu", __name__)

    @pages.get("/menu")
    def menu() -> ResponseReturnValue:
        return render_template("menu.html")

    return pages
