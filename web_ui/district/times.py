"""Times and durations on the pages, in the district's own zone. In a template: ``at|local``, ``seconds|lasted``."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask


def register(app: Flask, zone: ZoneInfo) -> None:
    app.add_template_filter(lambda at: local(at, zone), "local")
    app.add_template_filter(lasted, "lasted")


def local(at: str, zone: ZoneInfo) -> str:
    """To the minute; nothing for what has not happened."""
    return f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d %H:%M}" if at else ""


def lasted(seconds: int | None) -> str:
    """Hours, minutes and seconds; a dash where there is nothing to tell."""
    if seconds is None or seconds < 0:
        return "–"
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02d}:{second:02d}" if hour else f"{minute}:{second:02d}"
