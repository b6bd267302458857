"""Supervisors who sign in over the network, over a real ledger."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from duty_rig import DutyRig
from lanes import ZONE
from made import NOON

from station.domain.details import BadgeRole
from station.domain.events.shifts import HandedOver
from station.domain.events.supervision import SupervisorRefused, SupervisorSignedIn, SupervisorSignedOut
from station.domain.roster import Member
from station.domain.shift_figures import LaneFigures
from station.domain.supervision import SignInRefusal, SignInRefused
from station.duty import supervision
from station.duty.hand_overs import hand_overs_of
from station.duty.roster_file import hash_pin
from station.duty.supervision import MAX_ROWS, ROW_INTERVAL_S, Supervision
from station.duty.writing import EventWriter
from station.ledger import LedgerUnwritable

PIN, FROM = "258036", "192.0.2.7"
LI = Member("0501", "李**", "", BadgeRole.SUPERVISOR, pin=hash_pin(PIN))
WANG = Member("0107", "王**", "B", pin=hash_pin(PIN))


class Desk(DutyRig):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.roster = {one.number: one for one in (LI, WANG)}
        self.writer = EventWriter(self.ledger, self.clock)
        self.supervision = Supervision(self.writer, lambda: self.roster)

    def refused(self, number: str, pin: str) -> tuple[SignInRefusal, SupervisorRefused]:
        """What is told, and what is written."""
        with pytest.raises(SignInRefused) as refusal:
            self.supervision.sign_in(number, pin, FROM)
        row = self.events.of((SupervisorRefused,))[-1]
        assert isinstance(row.event, SupervisorRefused)
        return refusal.value.why, row.event


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_number_and_pin_of_a_supervisor_are_taken_and_written_down(desk: Desk) -> None:
    supervisor = desk.supervision.sign_in("0501", PIN, FROM)
    assert (supervisor.number, supervisor.label) == ("0501", "李**")
    (row,) = desk.events.of((SupervisorSignedIn,))
    assert (row.event, row.operator) == (SupervisorSignedIn("0501", FROM), "0501")


def test_a_wrong_pin_is_refused_and_written_down(desk: Desk) -> None:
    told, written = desk.refused("0501", "000000")
    assert told is SignInRefusal.WRONG_PIN
    assert written == SupervisorRefused("0501", SignInRefusal.WRONG_PIN, FROM)


def test_the_right_pin_of_an_operator_is_told_like_a_wrong_one(desk: Desk) -> None:
    told, written = desk.refused("0107", PIN)
    assert (told, written.reason) == (SignInRefusal.WRONG_PIN, SignInRefusal.NOT_SUPERVISOR)


def test_a_number_that_nobody_has_is_not_written_down_for_it_may_be_a_pin(desk: Desk) -> None:
    told, written = desk.refused(PIN, "0501")
    assert (told, written.number) == (SignInRefusal.SHORT_PIN, "")
    assert desk.refused(PIN, "000000")[1].number == ""


def test_four_digits_are_too_few_over_the_network_right_or_wrong(desk: Desk) -> None:
    desk.roster["0501"] = Member("0501", "李**", "", BadgeRole.SUPERVISOR, pin=hash_pin("2580"))
    assert desk.refused("0501", "2580")[0] is SignInRefusal.SHORT_PIN
    assert desk.refused("0501", "0000")[0] is SignInRefusal.SHORT_PIN


def test_where_it_came_from_is_sealed_and_forgotten_with_its_day(desk: Desk) -> None:
    desk.refused("0501", "000000")
    files = [path.read_bytes() for path in desk.folder.iterdir() if path.is_file()]
    assert any(b"supervisor_refused" in data for data in files)
    assert not any(FROM.encode() in data for data in files)
    desk.ledger.sealer.forget((NOON + timedelta(days=40)).date(), 30)
    (kept,) = desk.events.of((SupervisorRefused,))
    assert kept.event == SupervisorRefused("0501", SignInRefusal.WRONG_PIN, "")


def test_signing_out_is_written_down(desk: Desk) -> None:
    desk.supervision.sign_out(desk.supervision.sign_in("0501", PIN, FROM).fingerprint)
    assert [row.event for row in desk.events.of((SupervisorSignedOut,))] == [SupervisorSignedOut("0501")]


def test_of_somebody_who_is_on_the_roster_no_more_no_leaving_is_written(desk: Desk) -> None:
    supervisor = desk.supervision.sign_in("0501", PIN, FROM)
    desk.roster = {"0107": WANG}
    desk.supervision.sign_out(supervisor.fingerprint)
    desk.supervision.sign_out("")
    assert desk.events.of((SupervisorSignedOut,)) == []


@pytest.mark.parametrize(
    "now",
    [
        Member("0501", "李**", "", BadgeRole.OPERATOR, pin=LI.pin),
        Member("0501", "李**", "", BadgeRole.SUPERVISOR, pin=hash_pin("963074")),
        None,
    ],
    ids=["no supervisor any more", "another PIN", "off the roster"],
)
def test_a_roster_that_changes_has_the_entry_no_more(desk: Desk, now: Member | None) -> None:
    supervisor = desk.supervision.sign_in("0501", PIN, FROM)
    assert desk.supervision.fingerprints() == (supervisor.fingerprint,)
    desk.roster = {} if now is None else {"0501": now}
    assert supervisor.fingerprint not in desk.supervision.fingerprints()


def test_a_fingerprint_says_nothing_of_the_pin(desk: Desk) -> None:
    (said,) = desk.supervision.fingerprints()
    assert LI.pin not in said
    desk.roster["0501"] = replace(LI, pin=hash_pin(PIN))  # the same PIN, salted anew
    assert desk.supervision.fingerprints() != (said,)


def test_a_view_that_was_broken_into_tries_a_few_hundred_pins_of_a_number_a_day(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above what the view itself lets through, which is 60 a day and 20 of each browser that is known."""
    monkeypatch.setattr(supervision, "is_pin", lambda pin, hashed: pin == PIN)
    tried = 0
    for number in range(24 * 60):
        desk.clock.seconds += 60
        with pytest.raises(SignInRefused) as refused:
            desk.supervision.sign_in("0501", f"{number:06}", FROM)
        tried += refused.value.why is SignInRefusal.WRONG_PIN
    assert tried <= 200 * 2
    with pytest.raises(SignInRefused) as refused:
        desk.supervision.sign_in("0501", PIN, FROM)
    assert refused.value.why is SignInRefusal.BUSY
    desk.clock.seconds += 24 * 3600
    assert desk.supervision.sign_in("0501", PIN, FROM).number == "0501"


def test_a_view_that_was_broken_into_fills_no_ledger(desk: Desk) -> None:
    supervisor = desk.supervision.sign_in("0501", PIN, FROM)
    for _ in range(MAX_ROWS - 1):
        desk.supervision.sign_out(supervisor.fingerprint)
    with pytest.raises(SignInRefused) as refused:
        desk.supervision.sign_out(supervisor.fingerprint)
    assert refused.value.why is SignInRefusal.BUSY
    desk.clock.seconds += ROW_INTERVAL_S
    desk.supervision.sign_out(supervisor.fingerprint)


def test_what_cannot_be_written_down_opens_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise LedgerUnwritable("no room")

    monkeypatch.setattr(desk.writer, "write", full)
    with pytest.raises(SignInRefused) as refusal:
        desk.supervision.sign_in("0501", PIN, FROM)
    assert refusal.value.why is SignInRefusal.BUSY


def test_the_days_hand_overs_come_with_their_figures_the_latest_first(desk: Desk) -> None:
    figures = (LaneFigures("1", 12, 1, 2, 15, 40, 1, 2), LaneFigures("2"))
    lines = tuple(one.line for one in figures)
    desk.writer.write(HandedOver("0106", "0107", "", ("lane=1 granted=5",)))
    desk.clock.seconds += 60
    desk.writer.write(HandedOver("0107", "0108", "2026-03-02T04:00:00.000Z", lines))
    latest, first = hand_overs_of(desk.events, NOON.date(), ZONE)
    assert (latest.giver, latest.taker, latest.figures) == ("0107", "0108", figures)
    assert first.figures == (LaneFigures("1", 5),)
    assert hand_overs_of(desk.events, NOON.date() + timedelta(days=2), ZONE) == []
