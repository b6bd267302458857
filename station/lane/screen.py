"""A lane as the screens show it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from station.devices import Clock
from station.domain.commands import UNDO_WITHIN
from station.domain.lane import LaneSettings
from station.domain.lane_faults import LaneFault
from station.domain.passage import Row
from station.domain.suggestion import PlateSuggestion
from station.domain.view import CameraView, CodeView, LaneView, passage_view
from station.feed import Feed
from station.lane.pace import Pace
from station.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Eyes:
    """What the lane's camera, scanner and sensors say of themselves, for the screen."""

    camera: Callable[[], CameraView]
    code: Callable[[], CodeView | None]
    scans: Callable[[], int]
    lost: Callable[[], tuple[LaneFault, ...]]
    suggestion: Callable[[], PlateSuggestion | None] = lambda: None
    in_view: Callable[[], frozenset[bytes]] = frozenset


class Screen:
    def __init__(
        self, settings: LaneSettings, eyes: Eyes, ledger: Ledger, pace: Pace, clock: Clock, feed: Feed
    ) -> None:
        self._settings, self._eyes, self._ledger, self._pace = settings, eyes, ledger, pace
        self._clock, self._feed = clock, feed

    def publish(self, current: Row | None, waiting: int, faults: tuple[LaneFault, ...]) -> None:
        """Hand the lane's newest state to the screens.

        :param faults: the lane's own; those of its camera and sensors are asked for here.
        """
        settings, now = self._settings, self._clock.now()
        view = LaneView(
            lane=settings.lane,
            name=settings.name,
            kind=settings.kind,
            direction=settings.direction,
            mode=settings.mode,
            camera=self._eyes.camera(),
            passage=passage_view(current, UNDO_WITHIN) if current is not None else None,
            code=self._eyes.code(),
            waiting=waiting,
            counts=self._ledger.counts(settings.lane, now),
            scans=self._eyes.scans(),
            pace=self._pace.per_hour(now),
            faults=(*faults, *self._eyes.lost()),
            suggestion=self._eyes.suggestion(),
        )
        self._feed.publish(f"lane/{settings.lane}", asdict(view))
