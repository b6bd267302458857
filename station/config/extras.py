"""Whether what a file asks for is installed on this machine, told without importing it: that takes seconds on a Pi."""

from collections.abc import Iterator
from importlib.util import find_spec

from station.config.station import StationConfig

_PLATES_NEED = {"rapidocr": ("onnxruntime", "rapidocr")}


def missing_extras(config: StationConfig) -> Iterator[str]:
    """One mistake for each driver that could not be loaded, with its key and the remedy."""
    for number, lane in enumerate(config.lanes, 1):
        driver = lane.plates.driver
        for library in _PLATES_NEED.get(driver, ()):
            if find_spec(library) is None:
                yield (
                    f"lanes.{number}.plates: driver {driver!r} needs {library}, which is not installed here; "
                    "install the package's plates extra (scripts/install --plates), or give driver none"
                )
                break
