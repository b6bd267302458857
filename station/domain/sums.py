"""What passages come to, as every table words it."""

from dataclasses import astuple, dataclass
from operator import add


@dataclass(frozen=True, slots=True)
class Sums:
    """Granted, held and denied count passages; vehicles and persons sum over all outcomes."""

    passages: int = 0
    vehicles: int = 0
    persons: int = 0
    granted: int = 0
    held: int = 0
    denied: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.passages + other.passages,
            self.vehicles + other.vehicles,
            self.persons + other.persons,
            self.granted + other.granted,
            self.held + other.held,
            self.denied + other.denied,
        )


@dataclass(frozen=True, slots=True)
class MustSums:
    """Of how many passages each of the five musts (五必) was done, whatever the evidence; passages of every outcome."""

    passages: int = 0
    identity: int = 0
    itinerary: int = 0
    test: int = 0
    temperature: int = 0
    disinfection: int = 0

    def __add__(self, other: "MustSums") -> "MustSums":
        return MustSums(*map(add, astuple(self), astuple(other)))


@dataclass(frozen=True, slots=True)
class Publicity:
    """How far word has got, as boards tell it: how many hang, and how often they were scanned and declared with."""

    boards: int = 0
    scans: int = 0
    declarations: int = 0

    def __add__(self, other: "Publicity") -> "Publicity":
        return Publicity(*map(add, astuple(self), astuple(other)))
