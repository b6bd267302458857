"""What there is to look at: the lanes live, who is on duty, incidents, the day, and how the station is."""

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from station.domain.supervision import StationUnavailable
from web_ui.kiosk.condition import condition
from web_ui.kiosk.today import board
from web_ui.supervisor.services import SupervisorServices

RETRY_AFTER_S = 5
"""A page whose station does not answer looks again so often."""
_ROOM = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Way:
    """``text`` is a key of the translations."""

    endpoint: str
    text: str


WAYS: tuple[Way, ...] = (
    Way("pages.lanes", "supervisor.lanes"),
    Way("pages.duty", "supervisor.duty"),
    Way("pages.incidents", "incidents.title"),
    Way("pages.today", "entry.today"),
    Way("pages.station", "condition.title"),
)


def blueprint(services: SupervisorServices) -> Blueprint:
    pages = Blueprint(
        "pages",
        __name__,
        template_folder=_ROOM / "templates" / "supervisor",
        static_folder=_ROOM / "static" / "supervisor",
        static_url_path="/static/supervisor",
    )

    @pages.app_context_processor
    def around() -> dict[str, object]:
        return {"ways": WAYS, "station_name": services.name, "retry_after_s": RETRY_AFTER_S}

    @pages.get("/")
    def lanes() -> ResponseReturnValue:
        return render_template("watch.html", lanes=services.lanes)

    @pages.get("/duty")
    def duty() -> ResponseReturnValue:
        known = services.duty()
        return render_template("duty.html", on=known.on_duty, teams=known.teams, hand_overs=known.hand_overs)

    @pages.get("/incidents")
    def incidents() -> ResponseReturnValue:
        return render_template("open_incidents.html", incidents=services.incidents())

    @pages.get("/today")
    def today() -> ResponseReturnValue:
        return render_template(
            "day.html", **board(services.hours(), services.lanes, services.now().astimezone(services.zone))
        )

    @pages.get("/station")
    def station() -> ResponseReturnValue:
        return render_template("station.html", **condition(services))

    @pages.app_errorhandler(StationUnavailable)
    def unavailable(_: StationUnavailable) -> ResponseReturnValue:
        return render_template("unavailable.html"), 503, {"Retry-After": str(RETRY_AFTER_S)}

    return pages
