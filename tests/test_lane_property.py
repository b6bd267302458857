"""Whatever is shown, tapped and taken back at two lanes, in any order: a vehicle counts once, and the chain holds."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from certificates import DCC, TEST, a_card, an_hcert, parts_of
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from lanes import HandClock, LaneRig
from made import a_pass

from station.domain.commands import Command, Decide, Refused, Register, Undo
from station.domain.decision import Outcome
from station.domain.passes import Attestation, Must, PassKind
from station.domain.situation import Mode
from station.ledger import audit

UNTESTED = {must: Attestation.DECLARED for must in Must if must is not Must.TEST}
PASSES = {
    "good": a_pass(party=1),
    "untested": a_pass(party=1, musts=UNTESTED),
    "family": a_pass(party=2, musts=UNTESTED),
}
CERTIFICATES = {
    "one": an_hcert({**DCC, "t": [{**TEST, "ci": "URN:UVCI:1"}]}),
    "two": an_hcert({**DCC, "t": [{**TEST, "ci": "URN:UVCI:2"}]}),
    "forged": an_hcert(key=ec.generate_private_key(ec.SECP256R1())),
    "goods": a_pass(kind=PassKind.BATCH, party=1),
}
PARTS = dict(zip(("first", "last"), parts_of(a_card(), 2), strict=True))
ALONE = {"stranger": "a stranger's code", "badge": a_pass(kind=PassKind.BADGE, party=1)}
CODES = {**PASSES, **CERTIFICATES, **PARTS, **ALONE}

ACTIONS = st.one_of(
    st.tuples(st.just("show"), st.sampled_from("12"), st.sampled_from(sorted(CODES))),
    st.tuples(st.just("tap"), st.sampled_from("12"), st.sampled_from(list(Outcome))),
    st.tuples(st.just("by hand"), st.sampled_from("12"), st.sampled_from(list(Outcome))),
    st.tuples(st.just("undo"), st.sampled_from("12"), st.none()),
    st.tuples(st.just("wait"), st.none(), st.sampled_from([4, 35, 61, 700])),
)


@dataclass
class Vehicle:
    """What a person at the roadside would call one: who came with which codes, and what became of them."""

    lane: str
    codes: set[str] = field(default_factory=set)
    with_pass: bool = False
    alone: bool = False
    outcome: Outcome = Outcome.HELD
    heard: float = 0.0
    row: int = 0
    decisions: list[object] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        """One that came without a code is there only by what a person decided."""
        return bool(self.codes or self.decisions)

    def decided(self, decision: object) -> None:
        """The same decision twice is one."""
        if self.decisions[-1:] != [decision]:
            self.decisions.append(decision)


@dataclass
class Roadside:
    """The model: who a code belongs to, by eye. Only what was decided is taken from the station."""

    vehicles: dict[int, Vehicle] = field(default_factory=dict)
    open: dict[str, int] = field(default_factory=dict)
    parts: dict[str, set[str]] = field(default_factory=lambda: {"1": set(), "2": set()})
    parts_at: dict[str, float] = field(default_factory=lambda: {"1": 0.0, "2": 0.0})

    def code(self, lane: str, name: str, now: float) -> str:
        """A card's codes are the card once all were shown."""
        if name not in PARTS:
            return name
        if now - self.parts_at[lane] > 180:
            self.parts[lane].clear()
        self.parts[lane].add(name)
        self.parts_at[lane] = now
        if len(self.parts[lane]) < len(PARTS):
            return name
        self.parts[lane].clear()
        return "card"

    def whose(self, lane: str, code: str, now: float) -> int | None:
        recent = {n: v for n, v in self.vehicles.items() if v.lane == lane and now - v.heard < 60}
        again = [n for n, v in recent.items() if code in v.codes and v.outcome is not Outcome.GRANTED]
        if again:
            return max(again, key=lambda number: recent[number].row)
        waiting = recent.get(self.open.get(lane, 0))
        if code in ALONE or waiting is None or waiting.outcome is not Outcome.HELD or waiting.alone:
            return None
        return self.open[lane] if code not in PASSES or not waiting.with_pass else None

    def heard(self, lane: str, number: int, row: int, outcome: Outcome, now: float) -> Vehicle:
        vehicle = self.vehicles.setdefault(number, Vehicle(lane))
        vehicle.outcome, vehicle.heard, vehicle.row = outcome, now, row
        if outcome is not Outcome.HELD:
            self.parts[lane].clear()
        return vehicle


class Checkpoint:
    """Two real lanes on one ledger, beside the model."""

    def __init__(self, folder: Path, mode: Mode) -> None:
        self.clock = HandClock()
        first = LaneRig(folder, mode, clock=self.clock)
        self.rigs = {"1": first, "2": LaneRig(folder, mode, lane_id="2", clock=self.clock, ledger=first.ledger)}
        self.ledger = first.ledger
        self.roadside = Roadside()

    def do(self, what: str, lane: str, which) -> None:
        match what:
            case "show":
                self.show(lane, which)
            case "wait":
                self.clock.seconds += which
            case "by hand":
                self.command(lane, Register(which))
            case _:
                self.on_screen(lane, what, which)

    def show(self, lane: str, name: str) -> None:
        now = self.clock.seconds
        code = self.roadside.code(lane, name, now)
        expected = self.roadside.whose(lane, code, now)
        row = self.rigs[lane].scan(CODES[name])
        assert row.passage == (row.seq if expected is None else expected)
        vehicle = self.roadside.heard(lane, row.passage, row.seq, row.entry.key.outcome, now)
        vehicle.codes.add(code)
        vehicle.with_pass |= code in PASSES
        vehicle.alone |= code in ALONE
        if not vehicle.alone:
            self.roadside.open[lane] = row.passage

    def on_screen(self, lane: str, what: str, which) -> None:
        view = self.rigs[lane].view()["passage"]
        if view is not None:
            named = view["id"], view["row"]
            self.command(lane, Undo(*named) if what == "undo" else Decide(which, *named))

    def command(self, lane: str, command: Command) -> None:
        try:
            view = self.rigs[lane].ask(command)
        except Refused:
            return
        vehicle = self.roadside.heard(lane, view.id, view.row, Outcome(view.outcome), self.clock.seconds)
        vehicle.alone |= not vehicle.codes
        match command:
            case Undo():
                vehicle.decisions.pop()
            case Register(outcome):
                vehicle.decided(("by hand", outcome))
            case Decide(outcome):
                vehicle.decided(outcome)

    def counted(self) -> int:
        now = self.clock.now()
        return sum(self.ledger.counts(lane, now).passages for lane in self.rigs)

    def vehicles(self) -> int:
        now = self.clock.now()
        return sum(self.ledger.counts(lane, now).vehicles for lane in self.rigs)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(Mode), st.lists(ACTIONS, max_size=40))
def test_every_vehicle_counts_once_whatever_is_shown_tapped_and_taken_back(mode, actions) -> None:
    with tempfile.TemporaryDirectory() as folder:
        checkpoint = Checkpoint(Path(folder), mode)
        for action in actions:
            checkpoint.do(*action)
        expected = sum(vehicle.counts for vehicle in checkpoint.roadside.vehicles.values())
        assert (checkpoint.counted(), checkpoint.vehicles()) == (expected, expected)
        checkpoint.ledger.close()
        assert audit.verify(Path(folder)).broken_at == 0
