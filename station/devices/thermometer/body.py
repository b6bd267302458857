"""From what a sensor says to a body temperature, or to nobody."""

COLDEST, HOTTEST = 30.0, 45.0
"""Degrees Celsius of skin in front of a sensor, its offset added. Anything else is a wall, a windscreen, a cup of tea,
and never counts as a temperature that was measured."""


def body_temperature(celsius: float, offset: float) -> float | None:
    """To a tenth of a degree; None where nobody is in front."""
    found = round(celsius + offset, 1)
    return found if COLDEST <= found <= HOTTEST else None
