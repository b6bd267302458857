"""What the screens say: one flat catalog of key and text for each language."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")

_FOLDER = Path(__file__).parent / "translations"


@cache
def catalog(language: str) -> Mapping[str, str]:
    """Every text of one language; a place in a text is written ``{name}``."""
    texts: dict[str, str] = json.loads((_FOLDER / f"{language}.json").read_text("utf-8"))
    return texts


def text(language: str, key: str, **values: object) -> str:
    """One text with its places filled. A key that is missing is a mistake in the program: it raises."""
    return catalog(language)[key].format(**values)
