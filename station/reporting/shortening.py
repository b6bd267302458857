"""Texts shortened to what a sheet of paper or of a workbook holds."""

ELLIPSIS = "…"


def shorten(text: str, most: int) -> str:
    """At most so many characters; what is left out is marked."""
    return text if len(text) <= most else text[: max(0, most - len(ELLIPSIS))] + ELLIPSIS
