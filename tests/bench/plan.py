"""How much to measure, and where."""

from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
VIDEO = PROJECT.parent / "shared" / "video"


@dataclass(frozen=True, slots=True)
class Plan:
    """``folder`` is for ledgers and must lie on a real disk; ``scan_frames`` 0 is every frame of every video."""

    folder: Path
    video: Path = VIDEO
    scan_frames: int = 0
    presentations: int = 40
    empty_seconds: float = 60.0
    passages: int = 1000
    bulk: int = 20_000
    memory_frames: int = 10_000
    memory_size: tuple[int, int] = (1280, 720)
    seconds: float = 20.0
    rates: tuple[int, ...] = (15, 30)
    turns: int = 2
    settle: float = 1.5
    verifications: int = 10_000
    decisions: int = 500
    listed: int = 100_000
    asked: int = 20_000
    lanes_drawn: int = 5
    plates_drawn: int = 5
    store_rows: int = 200_000
    ingested: int = 42_612
    rolled_up: int = 7102
    screen_presentations: int = 100
