"""Scores of a model, made up step by step, read as a plate."""

import numpy as np
import pytest

from station.domain.plates import read_plate
from station.plates.decode import decode
from station.plates.reading import BLANK, COLUMNS, Scores

Step = dict[str, float]
"""Characters with their scores; what is left over is blank."""


def scores(*steps: Step) -> Scores:
    made = np.zeros((len(steps), len(COLUMNS) + 1))
    for row, step in zip(made, steps, strict=True):
        for character, score in step.items():
            row[COLUMNS[character]] = score
        row[BLANK] = 1 - sum(step.values())
    return made


def sure(text: str) -> list[Step]:
    """Every character for two steps, then a blank."""
    return [step for character in text for step in ({character: 0.98}, {character: 0.98}, {})]


@pytest.mark.parametrize(
    "text",
    ["豫A12345", "粤BD12345", "蒙S70143F", "渝W2900挂", "新Y2130学", "甘R5241警", "粤Z2753港", "沪A1B2C领", "123456使"],
)
def test_what_the_model_is_sure_of_is_read_as_it_stands(text: str) -> None:
    decoded = decode(scores(*sure(text)))
    assert decoded is not None
    assert decoded[0] == text
    assert decoded[1] > 0.5


def test_one_character_twice_is_two_only_with_a_blank_between() -> None:
    decoded = decode(scores(*sure("豫A11345")))
    assert decoded is not None
    assert decoded[0] == "豫A11345"
    assert decode(scores(*[{character: 0.9} for character in "豫A11345"])) is None


def test_a_letter_where_only_a_province_stands_gives_way_to_the_province() -> None:
    steps = [{"E": 0.9, "豫": 0.05}, {}, *sure("A12345")]
    decoded = decode(scores(*steps))
    assert decoded is not None
    assert decoded[0] == "豫A12345"
    assert decoded[1] < 0.1


def test_a_province_that_the_model_left_out_is_unlikely_and_not_impossible() -> None:
    decoded = decode(scores({"A": 0.98}, {}, *sure("A12345")))
    assert decoded is not None
    assert decoded[0].endswith("A12345")
    assert decoded[1] < 1e-3


@pytest.mark.parametrize("text", ["豫A123", "A12345", "豫12345A", "豫A123456"])
def test_what_no_plate_can_be_is_not_read(text: str) -> None:
    decoded = decode(scores(*sure(text)))
    assert decoded is None or decoded[1] < 1e-3


def test_scores_of_nothing_make_no_plate() -> None:
    assert decode(scores(*[{}] * 24)) is None
    assert decode(np.zeros((0, len(COLUMNS) + 1))) is None


def test_whatever_the_scores_are_what_comes_out_is_a_plate() -> None:
    chance = np.random.default_rng(4)
    read = [decode(chance.dirichlet(np.full(len(COLUMNS) + 1, 0.05), 24)) for _ in range(20)]
    texts = [decoded[0] for decoded in read if decoded is not None]
    assert texts
    assert [read_plate(text).text for text in texts] == texts
