"""The pages of a PDF as PNG pictures."""

from collections.abc import Iterator
from io import BytesIO

import pypdfium2

DPI = 300
_POINTS_AN_INCH = 72


def to_png(pdf: bytes, dpi: int = DPI) -> Iterator[bytes]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            picture = page.render(scale=dpi / _POINTS_AN_INCH, grayscale=False).to_pil()
            file = BytesIO()
            picture.save(file, "PNG", dpi=(dpi, dpi))
            yield file.getvalue()
    finally:
        document.close()
