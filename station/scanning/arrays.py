"""Names for the arrays of this room. OpenCV's type stubs promise no element type, so the names and the docstrings say
it: ``Gray`` is height x width, 8 bit; ``Field`` and ``Points`` are 32-bit floats; ``Matrix`` is 64-bit."""

from typing import Any

from numpy.typing import NDArray

Gray = NDArray[Any]
Field = NDArray[Any]
Points = NDArray[Any]
Matrix = NDArray[Any]
Quad = tuple[tuple[float, float], ...]
"""Four corners in pixels, clockwise from the code's own top left."""
