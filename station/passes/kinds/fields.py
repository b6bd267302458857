"""The members of a kind's details: one description each for writing, for reading and for issuing from text."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from typing import Any, Protocol

from station.domain.details import Details
from station.domain.passes import PassKind

LONGEST_TEXT = 64
REGION = re.compile(r"^[1-9]\d{5}$")


class FieldError(ValueError):
    """A field that cannot go into a pass; the message names it and what it may be."""


class Field(Protocol):
    """``name`` is the details' attribute, the option and the column; ``says`` is its help."""

    @property
    def name(self) -> str: ...

    @property
    def says(self) -> str: ...

    def to_claim(self, value: Any) -> object:
        """A value to what stands in the pass; falsy for what need not stand there."""
        ...

    def of_claim(self, claim: object) -> Any:
        """:raises ValueError: no such value."""
        ...

    def of_text(self, text: str) -> Any:
        """:raises FieldError: naming the field and what it may be."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    name: str
    says: str

    def to_claim(self, value: str) -> str:
        return value

    def of_claim(self, claim: object) -> str:
        if not isinstance(claim, str) or len(claim) > LONGEST_TEXT:
            raise ValueError(f"{self.name} is a text of at most {LONGEST_TEXT} characters")
        return claim

    def of_text(self, text: str) -> str:
        if len(text) > LONGEST_TEXT:
            raise FieldError(f"{self.name}: {len(text)} characters, where {LONGEST_TEXT} are the most")
        return text


@dataclass(frozen=True, slots=True)
class Count:
    name: str
    says: str
    least: int
    most: int

    def to_claim(self, value: int) -> int:
        return value

    def of_claim(self, claim: object) -> int:
        if isinstance(claim, bool) or not isinstance(claim, int) or not self.least <= claim <= self.most:
            raise ValueError(f"{self.name} is a number from {self.least} to {self.most}")
        return claim

    def of_text(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and self.least <= int(text) <= self.most):
            raise FieldError(f"{self.name}: {text!r} is no number from {self.least} to {self.most}")
        return int(text)


@dataclass(frozen=True, slots=True)
class Regions:
    """GB/T 2260 codes of six digits, as numbers in the pass."""

    name: str
    says: str
    most: int = 8

    def to_claim(self, value: tuple[str, ...]) -> list[int]:
        return [int(code) for code in value]

    def of_claim(self, claim: object) -> tuple[str, ...]:
        if not isinstance(claim, list) or len(claim) > self.most:
            raise ValueError(f"{self.name} is a list of at most {self.most} codes")
        codes = tuple(str(code) for code in claim if isinstance(code, int))
        if len(codes) != len(claim) or not all(map(REGION.match, codes)):
            raise ValueError(f"{self.name} holds GB/T 2260 codes")
        return codes

    def of_text(self, text: str) -> tuple[str, ...]:
        codes = tuple(text.split())
        for code in codes:
            if not REGION.match(code):
                raise FieldError(f"{self.name}: {code!r} is no GB/T 2260 code of six digits, such as 410700")
        if len(codes) > self.most:
            raise FieldError(f"{self.name}: {len(codes)} places, where {self.most} are the most")
        return codes


@dataclass(frozen=True, slots=True)
class OneOf:
    """A member of an enum, by its place in it counted from 1: append to the enum, never reorder it."""

    name: str
    says: str
    values: type[StrEnum]

    def to_claim(self, value: StrEnum) -> int:
        return list(self.values).index(value) + 1

    def of_claim(self, claim: object) -> StrEnum:
        if isinstance(claim, bool) or not isinstance(claim, int) or not 1 <= claim <= len(self.values):
            raise ValueError(f"{self.name} is a number from 1 to {len(self.values)}")
        return list(self.values)[claim - 1]

    def of_text(self, text: str) -> StrEnum:
        try:
            return self.values(text)
        except ValueError:
            raise FieldError(f"{self.name}: {text!r} is not one of {', '.join(self.values)}") from None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of our own pass: what its details are called and numbered, and how long it is good unless said.

    The numbers in ``members`` are on printed passes: append, never renumber.
    """

    kind: PassKind
    details: type[Details]
    hours: float
    members: Mapping[int, Field]

    def to_claims(self, details: Details) -> dict[int, object]:
        claims = {number: field.to_claim(getattr(details, field.name)) for number, field in self.members.items()}
        return {number: claim for number, claim in claims.items() if claim}

    def of_claims(self, claims: Mapping[int, object]) -> Details:
        """:raises ValueError, TypeError: a member is wrong, or one that must be there is not."""
        named = {
            self.members[n].name: self.members[n].of_claim(claim) for n, claim in claims.items() if n in self.members
        }
        return self.details(**named)

    def of_texts(self, texts: Mapping[str, str]) -> Details | None:
        """Details from an option or a column each. None where none is given and none is needed.

        :raises FieldError: naming the first member that is wrong or missing.
        """
        given = {
            field.name: field.of_text(texts[field.name]) for field in self.members.values() if texts.get(field.name)
        }
        for needed in self.needed:
            if needed not in given:
                raise FieldError(f"{needed}: is missing; a {self.kind} needs it")
        return self.details(**given) if given else None

    @property
    def needed(self) -> tuple[str, ...]:
        return tuple(field.name for field in fields(self.details) if field.default is MISSING)
