"""Every kind of pass from its issue to the decision: signed, printed on a card, rasterised, held before the simulated
camera, read, verified and judged; each also when it should not let anybody through."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import base45
import cv2
import numpy as np
import pypdfium2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from lanes import ZONE, HandClock, LaneRig
from made import DETAILS, KEY, NOON, TRUST, a_pass, flipped

from station.config import SimulatedCameraConfig
from station.devices.camera.simulated import SimulatedCamera
from station.domain.decision import Outcome
from station.domain.details import ManifestDetails
from station.domain.joining import SAME_PASSAGE_WITHIN
from station.domain.passage import Row
from station.domain.passes import Pass, PassKind, Scope
from station.domain.reasons import Reason
from station.domain.scan import Frame, Scan
from station.lists import Lists
from station.lists.shelf import Shelf
from station.passes import cp1
from station.passes.digests import id_entry
from station.passes.entries import Entries
from station.passes.signed_lists import ALL, Listing, ListName, Place, Revocations, sign
from station.printing.paper import ten_a_sheet
from station.printing.pass_sheets import CARD, drawing_of
from station.printing.pdf import to_pdf
from station.runtime import Slot
from station.scanning.guard import RepeatGuard
from station.scanning.reader import LiveReader
from station.scanning.scanner import Scanner

DPI = 150
CARD_PIXELS = (round(85.6 / 25.4 * DPI), round(54.0 / 25.4 * DPI))
FPS = 5
KINDS = tuple(kind for kind in PassKind if kind is not PassKind.HEALTH)  # a third party's, never printed by us
PLACE = Place("pingyuan", ALL, ListName.REVOCATIONS)
GOOD = {PassKind.BADGE: (Outcome.HELD, Reason.NOT_FOR_PASSING), PassKind.BATCH: (Outcome.HELD, Reason.NOT_FOR_PASSING)}

Badge = tuple[str, Pass, tuple[Reason, ...]]


@dataclass(frozen=True)
class Case:
    """What is shown, and what must become of it; ``reason`` None: nothing stands against it."""

    name: str
    printed: Pass
    text: str
    outcome: Outcome
    reason: Reason | None


def of_kind(kind: PassKind, **changes: Any) -> Pass:
    details = ManifestDetails(seats=40, declared=40) if kind is PassKind.MANIFEST else DETAILS[kind]
    return a_pass(kind=kind, details=details, **changes)


def cases(kind: PassKind) -> Iterator[Case]:
    good = of_kind(kind)
    outcome, reason = GOOD.get(kind, (Outcome.GRANTED, None))
    yield Case("good", good, cp1.issue(good, KEY), outcome, reason)
    # Goods are shown beside a pass: what is wrong with them holds the vehicle, it does not turn it back.
    turned_back = Outcome.HELD if kind is PassKind.BATCH else Outcome.DENIED
    elsewhere = Reason.OTHER_GRID if kind is PassKind.BADGE else Reason.OUT_OF_SCOPE
    for name, changes, why in (
        ("expired", {"expires": NOON - timedelta(minutes=1)}, Reason.EXPIRED),
        ("not yet valid", {"not_before": NOON + timedelta(hours=2)}, Reason.NOT_YET_VALID),
        ("revoked", {}, Reason.REVOKED),
        ("out of scope", {"scope": Scope(grids=("g8",))}, elsewhere),
    ):
        shown = of_kind(kind, **changes)
        yield Case(name, shown, cp1.issue(shown, KEY), turned_back, why)
    yield Case("forged", good, forged(cp1.issue(of_kind(kind), KEY)), Outcome.DENIED, Reason.FORGED)
    stranger = cp1.issue(of_kind(kind), Ed25519PrivateKey.generate())
    yield Case("a stranger's", good, stranger, Outcome.DENIED, Reason.UNKNOWN_ISSUER)


def forged(text: str) -> str:
    """The same pass with one bit of its signature wrong."""
    envelope = base45.b45decode(text.removeprefix(cp1.PREFIX))
    return cp1.PREFIX + base45.b45encode(envelope[:-64] + flipped(envelope[-64:], random.Random(3))).decode()


def on_cards(shown: list[Case], folder: Path) -> list[str]:
    """Print the passes ten to a sheet, rasterise the sheets, cut the cards out; one line a vehicle for the camera."""
    drawings = [drawing_of(case.printed, case.text, CARD, ZONE) for case in shown]
    pdf = pypdfium2.PdfDocument(BytesIO(to_pdf(ten_a_sheet(drawings), "cards")))
    width, height = CARD_PIXELS
    lines = []
    for number in range(len(shown)):
        page = cv2.cvtColor(pdf[number // 10].render(scale=DPI / 72).to_numpy(), cv2.COLOR_RGB2BGR)
        left = (page.shape[1] - 2 * width) // 2 + number % 2 * width
        top = (page.shape[0] - 5 * height) // 2 + number % 10 // 2 * height
        name = f"card-{number}.png"
        cv2.imwrite(str(folder / name), page[top : top + height, left : left + width])
        lines.append(json.dumps([{"picture": name}]))
    return lines


class Road:
    """A lane with the simulated camera before it, its time moved by hand."""

    def __init__(self, folder: Path, rig: LaneRig, lines: list[str]) -> None:
        (folder / "shown.jsonl").write_text("\n".join(lines) + "\n")
        self._clock = rig.clock
        self._rows: list[Row | Badge] = []
        self._frames: Slot[Frame] = Slot()
        config = SimulatedCameraConfig(passes=str(folder / "shown.jsonl"), fps=FPS, seed=5)
        self._camera = SimulatedCamera(config, lambda: self._clock.seconds, self._wait)
        self._camera.open()
        self._rig = rig
        self._scanner = Scanner(
            rig.lane_id,
            self._frames,
            LiveReader(),
            RepeatGuard(3.0),
            self._pass_through,
            rig.clock.now,
            lambda: self._clock.seconds,
        )

    def rows(self, vehicles: int) -> list[Row | Badge]:
        """Watch until the last vehicle has gone, and give what became of each; a badge is no passage."""
        for number in range(round(vehicles * 6.5 * FPS)):
            image, _ = self._camera.grab()
            self._frames.put(Frame(np.asarray(image), number, self._clock.seconds, self._clock.seconds))
            self._scanner.step()
        assert len(self._camera.presented) == vehicles
        return self._rows

    def _wait(self, seconds: float) -> None:
        self._clock.seconds += seconds

    def _pass_through(self, scan: Scan) -> None:
        row = self._rig.lane.way.pass_through(scan)
        self._rows.append(self._rig.badges[-1] if row is None else row)


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    return Lists(Shelf(tmp_path / "lists", "pingyuan", "g107-bridge-north"), TRUST, None, HandClock().now)


def revoke(lists: Lists, passes: list[Pass]) -> None:
    body = Revocations(Entries(id_entry(shown.id) for shown in passes))
    lists.receive(ALL, "revocations", sign(Listing(PLACE, 1, NOON, NOON + timedelta(days=7), body), KEY))
    assert not lists.fault


def said(case: Case, row: Row | Badge) -> tuple[str, Outcome, bool]:
    """A genuine badge goes to whoever signs operators on, with what stands against it."""
    if isinstance(row, tuple):
        _, _, against = row
        return case.name, case.outcome, against == (case.reason,) if case.name == "good" else case.reason in against
    reasons = row.entry.reasons
    return case.name, row.entry.key.outcome, not reasons if case.reason is None else case.reason in reasons


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_decided_as_it_should_be_from_a_printed_card(kind: PassKind, tmp_path: Path, lists: Lists) -> None:
    shown = list(cases(kind))
    revoke(lists, [case.printed for case in shown if case.name == "revoked"])
    rig = LaneRig(tmp_path, grids=("g7",), listed=lists.hits)
    found = []
    for case, line in zip(shown, on_cards(shown, tmp_path), strict=True):
        (row,) = Road(tmp_path, rig, [line]).rows(1)
        found.append(said(case, row))
        rig.clock.seconds += SAME_PASSAGE_WITHIN
    assert found == [(case.name, case.outcome, True) for case in shown]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in GOOD])
def test_a_card_shown_at_another_lane_within_minutes_is_held_as_a_possible_copy(kind: PassKind, tmp_path: Path) -> None:
    good = next(cases(kind))
    lines = on_cards([good], tmp_path)
    first = LaneRig(tmp_path)
    second = LaneRig(tmp_path, lane_id="2", ledger=first.ledger, clock=first.clock)
    (granted,) = Road(tmp_path, first, lines).rows(1)
    first.clock.seconds += 120
    (copy,) = Road(tmp_path, second, lines).rows(1)
    assert granted.entry.key.outcome is Outcome.GRANTED
    assert (copy.entry.key.outcome, Reason.POSSIBLE_COPY in copy.entry.reasons) == (Outcome.HELD, True)


def test_a_genuine_copy_of_the_label_with_another_passs_text_is_told_by_what_the_code_says(tmp_path: Path) -> None:
    """The words beside the code prove nothing: an expired code under fresh words is expired."""
    expired = of_kind(PassKind.VEHICLE, expires=NOON - timedelta(minutes=1))
    case = Case("relabelled", replace(expired, expires=NOON + timedelta(days=90)), cp1.issue(expired, KEY),
                Outcome.DENIED, Reason.EXPIRED)  # fmt: skip
    (row,) = Road(tmp_path, LaneRig(tmp_path), on_cards([case], tmp_path)).rows(1)
    assert said(case, row) == ("relabelled", Outcome.DENIED, True)
