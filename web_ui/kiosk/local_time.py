"""Times on the kiosk's pages, in the station's zone and as short as they can be said: ``at|local_time``."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask


def register(app: Flask, zone: ZoneInfo) -> None:
    app.add_template_filter(lambda at: local_time(at, zone, datetime.now(zone)), "local_time")


def local_time(at: str, zone: ZoneInfo, now: datetime) -> str:
    """The hour today, else the day with it."""
    moment = datetime.fromisoformat(at).astimezone(zone)
    return f"{moment:%H:%M}" if moment.date() == now.date() else f"{moment:%m-%d %H:%M}"
