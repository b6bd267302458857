"""What may be absent: photos, videos and vectors that lie beside the project, and an extra of the package."""

from importlib.util import find_spec
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
PHOTOS = SHARED / "qr-photos"
VIDEO = SHARED / "video"
CASES = SHARED / "cases" / "csv"

needs_photos = pytest.mark.skipif(not PHOTOS.is_dir(), reason=f"needs the photos in {PHOTOS}, which are not here")
needs_video = pytest.mark.skipif(not VIDEO.is_dir(), reason=f"needs the videos in {VIDEO}, which are not here")


def plates_extra() -> bool:
    """Whether plates can be read here."""
    return find_spec("onnxruntime") is not None and find_spec("rapidocr") is not None


needs_plates = pytest.mark.skipif(
    not plates_extra(), reason="needs the package's plates extra, which is not installed here"
)
