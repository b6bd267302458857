"""Times on the kiosk's pages, in the station's zone and as short as they can be said: ``at|local_time``; and how long
something has lasted, as a unit of the translations and its number: ``since|duration``."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask


def register(app: Flask, zone: ZoneInfo, now: Callable[[], datetime]) -> None:
    app.add_template_filter(lambda at: local_time(at, zone, now()), "local_time")
    app.add_template_filter(lambda since: duration(since, now()), "duration")


def local_time(at: str, zone: ZoneInfo, now: datetime) -> str:
    """The hour today, else the day with it."""
    moment = datetime.fromisoformat(at).astimezone(zone)
    return f"{moment:%H:%M}" if moment.date() == now.astimezone(zone).date() else f"{moment:%m-%d %H:%M}"


def duration(since: str, now: datetime) -> tuple[str, int]:
    """As ``durationText`` of time.js says it."""
    seconds = max(0, int((now - datetime.fromisoformat(since)).total_seconds()))
    if seconds < 60:
        return "seconds", seconds
    if seconds < 3600:
        return "minutes", seconds // 60
    if seconds < 48 * 3600:
        return "hours", seconds // 3600
    return "days", seconds // 86400
