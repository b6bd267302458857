"""A suggestion for the plate field from the lane's picture: found by colour and edges, read by a recognition model,
held against the grammar of plates. It decides nothing; it fills a field that a person looks at.

``locate.py`` finds what may be a plate, ``decode.py`` reads a model's scores as a plate, ``finder.py`` is both in a
row, and ``watch.py`` does it beside the lanes without ever keeping a scan waiting. A driver is a file with a
``Reader`` and a line in ``DRIVERS``.
"""

from station.plates.reading import PlatesUnavailable, Reader, Scores

DRIVERS = (("rapidocr", "station.plates.rapidocr:RapidOcrReader"),)
EXTRA = "plates"
"""Of the package: what the drivers need."""

__all__ = ["DRIVERS", "EXTRA", "PlatesUnavailable", "Reader", "Scores"]
