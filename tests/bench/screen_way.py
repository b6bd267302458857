"""The parts of the two ways of ``screen``, from what page and station noted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pairing import percentile

COLUMNS = ("part of the way", "p50 ms", "p95 ms", "max ms")

Marks = Mapping[str, float]
"""When, by what: everything noted of one presentation, in seconds on the station's clock."""


@dataclass(frozen=True, slots=True)
class Way:
    """From ``begins`` on; every part ends with a mark."""

    whole: str
    begins: str
    parts: tuple[tuple[str, str], ...]
    most_ms: float
    """What the 95th percentile of the whole is to keep."""

    @property
    def ends(self) -> str:
        return self.parts[-1][1]

    def gone(self, marks: Marks) -> bool:
        return self.begins in marks and all(mark in marks for _, mark in self.parts)

    def rows(self, presentations: Iterable[Marks]) -> tuple[tuple[str | float, ...], ...]:
        """Of the presentations that went the whole way; none if none did."""
        gone = [marks for marks in presentations if self.gone(marks)]
        if not gone:
            return ()
        since = (self.begins, *(mark for _, mark in self.parts))
        spans = [(self.whole, self.begins, self.ends)]
        spans += [(name, begun, mark) for (name, mark), begun in zip(self.parts, since, strict=False)]
        return tuple((name, *figures([marks[end] - marks[begun] for marks in gone])) for name, begun, end in spans)

    def verdict(self, presentations: Iterable[Marks]) -> str:
        """Whatever did not go the whole way counts as late."""
        late = float("inf")
        whole = [marks[self.ends] - marks[self.begins] if self.gone(marks) else late for marks in presentations]
        kept = percentile(whole, 95) * 1000 <= self.most_ms
        return f"aim: p95 at most {self.most_ms:g} ms: {'kept' if kept else 'MISSED'}"


DECIDING = Way(
    "whole: code in view to decision painted",
    "in view",
    (
        ("pictures it was not yet read in", "due"),
        ("camera: from due to fetched", "captured"),
        ("waiting for the reader", "taken"),
        ("reading", "scanned"),
        ("checked, decided, on disk", "written"),
        ("gate told, lane's view made", "published"),
        ("event stream to the page", "heard"),
        ("page: words, paint", "painted"),
    ),
    250,
)
TAPPING = Way(
    "whole: tap to gate",
    "tapped",
    (
        ("browser: finger lifted to click", "clicked"),
        ("page: request made", "sent"),
        ("request to the lane's desk", "asked"),
        ("checked, on disk", "amended"),
        ("gate's pin", "risen"),
    ),
    100,
)
SEEING = Way("tap to outcome painted", "tapped", (("", "settled"),), 0)


def figures(seconds: list[float]) -> tuple[float, float, float]:
    return tuple(round(value * 1000, 1) for value in (percentile(seconds, 50), percentile(seconds, 95), max(seconds)))


def gathered(marks: Iterable[tuple[str, str, str, float]]) -> dict[tuple[str, str], dict[str, float]]:
    """By lane and plate, of the first of its sort each."""
    found: defaultdict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for what, lane, plate, at in marks:
        found[lane, plate].setdefault(what, at)
    return dict(found)
