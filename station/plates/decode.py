"""A model's scores read as a plate: the likeliest text among those that can be one.

The model was trained on print of every sort, not on plates. What it is unsure of, the grammar settles: the character of
a province stands only in front, O and I nowhere, and a plate has seven or eight characters (GA 36). This is prefix
search over the model's steps (Graves' CTC), with every prefix that no plate begins with left out.
"""

from dataclasses import dataclass
from typing import Final

from station.domain.plates import FORMS, Form
from station.plates.reading import BLANK, COLUMNS, Scores

WIDEST: Final = 20
"""Prefixes that are followed at a time."""
FLOOR: Final = 1e-6
"""Least score of a province and of a blank: what the model has ruled out is unlikely, not impossible."""
FOLLOWED_FROM: Final = 1e-4
"""Other characters are not followed below this."""

_EVERY_FORM: Final = tuple(form for forms in FORMS.values() for form in forms)


@dataclass(slots=True)
class _Prefix:
    """``ended`` and ``going`` are the likelihoods of its last step being a blank, or its last character."""

    forms: tuple[Form, ...]
    ended: float = 0.0
    going: float = 0.0

    @property
    def likelihood(self) -> float:
        return self.ended + self.going

    def is_whole(self, length: int) -> bool:
        return any(len(form) == length for form in self.forms)


def decode(scores: Scores) -> tuple[str, float] | None:
    """The likeliest plate and how likely it is, 0 to 1; None where none can be made of the scores."""
    beam = {"": _Prefix(_EVERY_FORM, ended=1.0)}
    for step in scores:
        grown: dict[str, _Prefix] = {}
        for text, prefix in beam.items():
            _stay(grown, text, prefix, step)
            _go_on(grown, text, prefix, step)
        best = sorted(grown.items(), key=lambda item: item[1].likelihood, reverse=True)
        beam = dict(best[:WIDEST])
    whole = [
        (prefix.likelihood, text) for text, prefix in beam.items() if any(len(f) == len(text) for f in prefix.forms)
    ]
    return max(whole)[::-1] if whole else None


def _stay(grown: dict[str, _Prefix], text: str, prefix: _Prefix, step: Scores) -> None:
    """Nothing new at this step."""
    here = grown.setdefault(text, _Prefix(prefix.forms))
    here.ended += prefix.likelihood * max(float(step[BLANK]), FLOOR)
    if text:
        here.going += prefix.going * float(step[COLUMNS[text[-1]]])


def _go_on(grown: dict[str, _Prefix], text: str, prefix: _Prefix, step: Scores) -> None:
    """One character more. The same one again is a new one only behind a blank."""
    place = len(text)
    open_forms = [form for form in prefix.forms if len(form) > place]
    for character in {character for form in open_forms for character in form[place]}:
        score = float(step[COLUMNS[character]])
        if place and score < FOLLOWED_FROM:
            continue
        before = prefix.ended if text.endswith(character) else prefix.likelihood
        longer = grown.get(text + character)
        if longer is None:
            forms = tuple(form for form in open_forms if character in form[place])
            longer = grown[text + character] = _Prefix(forms)
        longer.going += before * max(score, FLOOR)
