"""Codes that are nobody's pass: to which passage one belongs, and which stand in the scene and count nothing."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase

from station.domain import joining
from station.domain.decision import Outcome
from station.domain.moment import Moment
from station.domain.passage import Row
from station.domain.passes import Presented, Rejected
from station.domain.reasons import Reason
from station.domain.scan import Neighbour, Scan
from station.domain.situation import LaneKind

MAX_CODES = 256
TOGETHER_S = 0.5
"""Two codes are seen together when so little time lies between them: one of them flickers."""
SAME_PLACE_S = 1.0
"""So shortly before or after one another two codes at the same place are of one vehicle or person. The next one may be
there soon after: two cases that are shown apart are better than a vehicle that is missed."""


class StrangerCodes:
    """A lane's memory of which code was shown for which passage; one thread."""

    def __init__(self, kind: LaneKind, ignored: Sequence[str], latest_of: Callable[[int], Row | None]) -> None:
        """:param ignored: shell patterns (``https://example.org/*``) of texts that are to count nothing.
        :param latest_of: a passage's last row."""
        self._kind, self._ignored, self._latest_of = kind, ignored, latest_of
        self._passages: OrderedDict[bytes, int] = OrderedDict()
        self._standing: OrderedDict[bytes, None] = OrderedDict()

    def note(self, payload: bytes, row: Row) -> None:
        """A code was shown for this passage."""
        self._passages[payload] = row.passage
        self._passages.move_to_end(payload)
        if len(self._passages) > MAX_CODES:
            self._passages.popitem(last=False)

    def counts_nothing(self, scan: Scan) -> bool:
        """Whether the code is of a family to be ignored, or stands in the scene."""
        if any(fnmatchcase(scan.code.text, pattern) for pattern in self._ignored):
            return True
        if scan.returned:
            self._standing[scan.code.payload] = None
            if len(self._standing) > MAX_CODES:
                self._standing.popitem(last=False)
        return scan.returned

    def standing_in(self, view: frozenset[bytes]) -> bool:
        """Whether one of the codes in view stands in the scene."""
        return not view.isdisjoint(self._standing)

    def host_of(self, scan: Scan, now: Moment) -> Row | None:
        """The passage that a stranger's code belongs to: that of the code it is seen with or close to in time and
        place; None for one that is alone."""
        return next((row for row, near in self._rows(scan, now) if near and _can_be_host(row, self._kind)), None)

    def forerunner_of(self, scan: Scan, now: Moment) -> Row | None:
        """The passage that a stranger's code began, held and undecided, when it belongs to the pass shown now."""
        return next((row for row, near in self._rows(scan, now) if near and _is_forerunner(row)), None)

    def _rows(self, scan: Scan, now: Moment) -> Iterator[tuple[Row, bool]]:
        for neighbour in scan.neighbours:
            passage = self._passages.get(neighbour.payload)
            row = self._latest_of(passage) if passage is not None else None
            if row is not None and row.entry.key.lane == scan.lane:
                yield row, joining.is_recent(row, now) and _belongs(neighbour)


def _belongs(neighbour: Neighbour) -> bool:
    return neighbour.ago_s <= TOGETHER_S or (neighbour.near and neighbour.ago_s <= SAME_PLACE_S)


def is_stranger(presented: Presented) -> bool:
    """No pass, and none that claims to be one."""
    return isinstance(presented, Rejected) and presented.reason is Reason.NOT_A_PASS


def _can_be_host(row: Row, kind: LaneKind) -> bool:
    """A pass, or what is shown for one; on a vehicle lane another stranger's code that is held as well."""
    return joining.can_take_in(row.entry) or (kind is LaneKind.VEHICLE and _is_forerunner(row))


def _is_forerunner(row: Row) -> bool:
    entry = row.entry
    return entry.key.outcome is Outcome.HELD and Reason.NOT_A_PASS in entry.reasons and entry.passages > 0
