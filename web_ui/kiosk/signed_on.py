"""Under whose number a page's forms are written down."""

from collections.abc import Mapping

from flask import request

from station.domain.shifts import UNATTENDED
from web_ui.kiosk.services import KioskServices


def operator(services: KioskServices) -> str:
    """Whom the form (or a script's JSON) names, if they are on duty; else whoever signed on first; else nobody."""
    on = [one.number for one in services.shifts.on_duty]
    said = request.get_json() if request.is_json else request.form
    named = said.get("operator", "") if isinstance(said, Mapping) else ""
    return named if named in on else next(iter(on), UNATTENDED)
