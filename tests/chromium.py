"""The browser that tests and benches drive."""

from typing import Final

CHROMIUM: Final = "chromium-headless-shell"
"""Debian's Chromium without windows: a page opens in half the time that it takes with them."""
OPTIONS: Final = ("--no-sandbox", "--disable-gpu")
