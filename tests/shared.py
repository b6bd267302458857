"""Real material that lies beside the project, not in it: photos, videos, test vectors."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
PHOTOS = SHARED / "qr-photos"
VIDEO = SHARED / "video"

needs_photos = pytest.mark.skipif(not PHOTOS.is_dir(), reason=f"needs the photos in {PHOTOS}, which are not here")
needs_video = pytest.mark.skipif(not VIDEO.is_dir(), reason=f"needs the videos in {VIDEO}, which are not here")
