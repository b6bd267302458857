"""What a screen shows of a lane and of the station: plain values, ready for JSON. Enumerated values are translated
by the screen; ``label`` is masked already, and the plate is there because the operator compares it with the car."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from station.domain.by_hand import for_screen
from station.domain.joining import NOT_FOR_PASSING, beside_of
from station.domain.lists import ListView
from station.domain.passage import LaneCounts, Row
from station.domain.passes import Must
from station.domain.reasons import Reason
from station.domain.scan import Corners
from station.domain.suggestion import PlateSuggestion


@dataclass(frozen=True, slots=True)
class PassageView:
    """``id`` and ``row`` are what a command names. ``undo_until`` is RFC 3339 UTC, empty when nothing can be undone.
    ``text`` is filled for a code that is no genuine pass; it is a stranger's text: show it as text, never as markup.
    ``said`` is what the pass says beside (said.py), ``certificates`` how many stand for the test, and ``against`` those
    of the reasons that are about a certificate or goods. ``named``: a certificate's holder can be asked for.
    ``for_passing`` is False for a badge, goods or a certificate alone: no musts are asked of them.
    """

    id: int
    row: int
    at: str
    outcome: str
    proposed: str
    reasons: tuple[str, ...]
    pass_kind: str = ""
    label: str = ""
    plate: str = ""
    traffic: str = ""
    party: int = 1
    origin: str = ""
    valid_until: str = ""
    text: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    certificates: int = 0
    against: tuple[str, ...] = ()
    named: bool = False
    for_passing: bool = True
    musts: Mapping[str, str] = field(default_factory=dict)
    temperature: float | None = None
    by_operator: bool = False
    undo_until: str = ""
    written: bool = True


@dataclass(frozen=True, slots=True)
class CameraView:
    """``state`` is opening, ok, lost or ended. ``age_ms`` is the newest frame's age; ``fault`` says what to do."""

    state: str
    fault: str = ""
    age_ms: int | None = None
    fps: float = 0.0
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class CodeView:
    """Where the last code was seen, in pixels of the camera's picture, for the outline on the live picture."""

    corners: Corners
    frame: int


@dataclass(frozen=True, slots=True)
class LaneView:
    """``pace`` is passages an hour, by the last ten minutes. ``faults`` are those of lane_faults.py."""

    lane: str
    name: str
    kind: str
    direction: str
    mode: str
    camera: CameraView
    passage: PassageView | None
    code: CodeView | None
    waiting: int
    counts: LaneCounts
    scans: int
    pace: int = 0
    faults: tuple[str, ...] = ()
    suggestion: PlateSuggestion | None = None


@dataclass(frozen=True, slots=True)
class StationView:
    """``uplink`` is connected, connecting or off; ``uplink_since`` is when that state began, RFC 3339 UTC.
    ``aside`` is how many wait in the parking bay. ``lists_fault`` says which list from the hub was refused or cannot be
    used, and why. ``power`` is a word of power.py. ``faults`` are the station's own (station_faults.py), and
    ``fault_details`` say of each what is wrong and what to do, in English."""

    station: str
    name: str
    timezone: str
    at: str
    clock_trusted: bool
    uplink: str
    uplink_since: str
    uplink_fault: str
    unacknowledged: int
    ledger_fault: str
    disk_free_mb: int
    lists: tuple[ListView, ...] = ()
    lists_fault: str = ""
    aside: int = 0
    power: str = "unknown"
    faults: tuple[str, ...] = ()
    fault_details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AsideView:
    """A vehicle in the parking bay: from which lane, since when, and what is known of it."""

    lane: str
    since: str
    passage: PassageView


def passage_view(row: Row, undo_within: timedelta) -> PassageView:
    """A passage as its last row says it."""
    entry, evidence, beside = row.entry, row.entry.evidence, beside_of(row.entry)
    by_operator = Reason.BY_OPERATOR in entry.reasons
    can_undo = by_operator and Reason.UNDONE not in entry.reasons
    decided_at = datetime.fromisoformat(evidence.get("decided_at", entry.at.text))
    undo_until = replace(entry.at, utc=decided_at + undo_within).text if can_undo else ""
    return PassageView(
        id=row.passage,
        row=row.seq,
        at=entry.at.text,
        outcome=entry.key.outcome.value,
        proposed=evidence.get("proposed", entry.key.outcome.value),
        reasons=tuple(reason.value for reason in entry.reasons),
        pass_kind=entry.pass_kind,
        label=entry.personal.label,
        plate=entry.personal.plate,
        traffic=entry.key.kind.value,
        party=entry.persons,
        origin=evidence.get("from", ""),
        valid_until=evidence.get("valid_until", ""),
        text=entry.personal.text,
        said=for_screen(entry.personal.said),
        certificates=len(beside.certificates),
        against=tuple(reason.value for reason in beside.against),
        named=bool(entry.personal.name),
        for_passing=entry.pass_kind not in NOT_FOR_PASSING,
        musts={must.value: evidence[must.value] for must in Must if must.value in evidence},
        temperature=float(evidence["celsius"]) if "celsius" in evidence else None,
        by_operator=by_operator,
        undo_until=undo_until,
        written=row.seq > 0,
    )
