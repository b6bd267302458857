"""The recognition model that the package ``rapidocr`` brings (PP-OCR, Apache 2.0), run by onnxruntime.

The model is driven directly and the package is never imported: its own way ends in a finished text, and here the scores
are wanted, to be held against the grammar of plates. Its own way may also fetch models, and this one never does.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from station.domain.plates import ALPHABET
from station.plates.reading import BLANK, COLUMNS, Picture, PlatesUnavailable, Scores

HEIGHT, WIDTH = 48, 192
"""Pixels that a line is given to the model with: 24 steps. With 240 it takes a fifth longer and reads no more."""
SEPARATORS: Final = " ·•‧・.-:"
"""The dot of a plate is no character of its text: where the model sees one, nothing stands."""
SEEN_AS: Final = {"O": "0", "o": "0", "I": "1", "l": "1", "|": "1"}
"""Characters that no plate has, and what they are taken for."""


class RapidOcrReader:
    def __init__(self) -> None:
        """:raises PlatesUnavailable: the model is not there."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(_model()), options, providers=["CPUExecutionProvider"])
        characters = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        # The model's first column is its blank, its last one a space.
        folds = np.array([BLANK, *map(_column, characters), BLANK])
        self._folds = {column: np.flatnonzero(folds == column) for column in set(folds.tolist()) if column is not None}

    def read(self, lines: Sequence[Picture]) -> list[Scores]:
        name = self._session.get_inputs()[0].name
        (scores,) = self._session.run(None, {name: np.stack([_prepared(line) for line in lines])})
        folded = np.zeros((*scores.shape[:2], len(COLUMNS) + 1))
        for column, sources in self._folds.items():
            folded[..., column] = scores[..., sources].sum(axis=-1)
        return list(folded)


def _model() -> Path:
    found = find_spec("rapidocr")
    if found is None or found.origin is None:
        raise PlatesUnavailable("driver 'rapidocr' needs rapidocr; install the package's plates extra")
    models = sorted((Path(found.origin).parent / "models").glob("*_rec_*.onnx"))
    if len(models) != 1:
        raise PlatesUnavailable(
            f"{Path(found.origin).parent} brings {len(models)} recognition models, not one; install rapidocr 3.10"
        )
    return models[0]


def _column(character: str) -> int | None:
    """The column of ours that a character of the model counts to; None where no plate has it."""
    if character in SEPARATORS:
        return BLANK
    meant = SEEN_AS.get(character, character.upper())
    return COLUMNS[meant] if len(meant) == 1 and meant in ALPHABET else None


def _prepared(line: Picture) -> NDArray[Any]:
    small = cv2.resize(line, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return (small.astype(np.float32).transpose(2, 0, 1) / 255 - 0.5) / 0.5
