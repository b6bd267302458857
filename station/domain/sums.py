"""What passages come to, as every table words it."""

from dataclasses import dataclass


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
