"""Certificates, cards in several codes and goods: shown beside a pass, they belong to its passage."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from certificates import DCC, SHC_KEY, TEST, a_bundle, a_card, an_hcert, an_observation, card_claims, parts_of
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import ECKey
from lanes import LaneRig
from made import DETAILS, NOON, a_pass

from station.domain.commands import Decide, Undo
from station.domain.decision import Outcome
from station.domain.lists import ListHit
from station.domain.passes import Attestation, Must, PassKind, TrafficKind
from station.domain.reasons import Reason
from station.domain.situation import LaneKind, Mode
from station.ledger import audit

GRANTED, HELD, DENIED = Outcome.GRANTED, Outcome.HELD, Outcome.DENIED
UNTESTED = {must: Attestation.DECLARED for must in Must if must is not Must.TEST}


def untested(party: int = 1, **changes: Any):
    return a_pass(musts=UNTESTED, party=party, **changes)


def a_certificate(number: int = 1, *, hours: float = 5, positive: bool = False, **person: str) -> bytes:
    test = {
        **TEST,
        "ci": f"URN:UVCI:01:AT:{number}#A",
        "sc": (NOON - timedelta(hours=hours)).isoformat(),
        "tr": "260373001" if positive else "260415000",
    }
    return an_hcert({**DCC, "nam": {**DCC["nam"], **person}, "t": [test]})


def counted(rig: LaneRig) -> tuple[int, int, int, int, int]:
    counts = rig.view()["counts"]
    return counts["granted"], counts["held"], counts["denied"], counts["vehicles"], counts["persons"]


def test_a_certificate_shown_after_a_pass_meets_the_test_and_the_gate_opens(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    held = rig.scan(untested())
    assert (held.entry.key.outcome, held.entry.reasons) == (HELD, (Reason.TEST_MISSING,))
    rig.clock.seconds += 20
    row = rig.scan(a_certificate())
    assert (row.passage, row.entry.key.outcome, row.entry.reasons) == (held.passage, GRANTED, ())
    assert (row.entry.pass_kind, row.entry.evidence["test"]) == ("declaration", "attested")
    assert list(rig.gate.shown) == [HELD, GRANTED]
    assert counted(rig) == (1, 0, 0, 1, 1)


def test_a_certificate_shown_first_begins_the_passage_and_the_pass_takes_it_over(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    first = rig.scan(a_certificate())
    assert (first.entry.key.outcome, first.entry.reasons) == (HELD, (Reason.NOT_FOR_PASSING,))
    assert (first.entry.pass_kind, first.entry.evidence["test"]) == ("health", "attested")
    shown = untested(traffic=TrafficKind.TRUCK, origin="110105")
    row = rig.scan(shown)
    assert (row.passage, row.entry.key.outcome, row.entry.pass_id) == (first.passage, GRANTED, shown.id)
    assert (row.entry.key.kind, row.entry.key.origin, row.entry.key.minute) == (
        "truck",
        "risk_area",
        first.entry.key.minute,
    )
    assert (row.entry.personal.plate, row.entry.pass_kind) == (shown.plate, "declaration")
    assert counted(rig) == (1, 0, 0, 1, 1)


def test_a_party_needs_as_many_different_certificates_as_it_has_persons(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.scan(untested(party=3))
    seen = []
    for number in (1, 2, 2, 1, 3):
        rig.clock.seconds += 30
        row = rig.scan(a_certificate(number))
        seen.append((rig.view()["passage"]["certificates"], row.entry.key.outcome))
    assert seen == [(1, HELD), (2, HELD), (2, HELD), (2, HELD), (3, GRANTED)]
    assert counted(rig) == (1, 0, 0, 1, 3)


def test_certificates_shown_before_the_pass_count_for_its_party(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    for number in (1, 2):
        rig.scan(a_certificate(number))
    assert rig.scan(untested(party=3)).entry.reasons == (Reason.TEST_MISSING,)
    assert rig.scan(a_certificate(3)).entry.key.outcome is GRANTED
    assert counted(rig) == (1, 0, 0, 1, 3)


def test_on_an_attended_lane_a_certificate_leaves_only_the_tap_missing(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, mode=Mode.ATTENDED)
    rig.scan(untested())
    row = rig.scan(a_certificate())
    assert (row.entry.key.outcome, row.entry.reasons) == (HELD, (Reason.AWAITING_OPERATOR,))
    assert rig.view()["passage"]["proposed"] == "granted"


def test_a_certificate_lifts_nothing_but_the_missing_test(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.scan(a_pass(musts={}, party=1))
    row = rig.scan(a_certificate())
    assert Reason.TEST_MISSING not in row.entry.reasons
    assert (row.entry.key.outcome, Reason.IDENTITY_MISSING in row.entry.reasons) == (HELD, True)


EXPIRED = an_hcert(claims={1: "AT", 4: NOON.timestamp() - 60, 6: NOON.timestamp() - 3600, -260: {1: DCC}})
FORGED = an_hcert(key=ec.generate_private_key(ec.SECP256R1()))
FORGED_CARD = a_card(key=ECKey.generate_key("P-256", private=True), kid=SHC_KEY.thumbprint())


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        (a_certificate(7, positive=True), Reason.TEST_POSITIVE),
        (EXPIRED, Reason.EXPIRED),
        (FORGED, Reason.FORGED),
        (FORGED_CARD, Reason.FORGED),
        (b"HC1:no certificate", Reason.MALFORMED),
        (b"shc:/12x", Reason.MALFORMED),
    ],
)
@pytest.mark.parametrize("certificate_first", [True, False])
def test_a_bad_certificate_beside_a_good_pass_holds_with_its_reason(
    tmp_path: Path, shown: bytes, reason: Reason, certificate_first: bool
) -> None:
    rig = LaneRig(tmp_path, mode=Mode.ATTENDED)
    codes = [shown, a_pass()] if certificate_first else [a_pass(), shown]
    first, row = (rig.scan(code) for code in codes)
    assert (row.passage, row.entry.key.outcome, row.entry.reasons) == (first.passage, HELD, (reason,))
    view = rig.view()["passage"]
    assert (view["proposed"], view["against"], view["certificates"]) == ("held", (reason.value,), 0)
    assert rig.scan(a_certificate(8)).entry.reasons == (reason,)
    assert counted(rig)[3] == 1


def test_what_speaks_against_a_certificate_is_not_forgotten_when_the_pass_is_shown_again(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    shown = untested()
    rig.scan(shown)
    rig.scan(FORGED)
    again = rig.scan(shown)
    assert (again.entry.key.outcome, again.entry.reasons) == (HELD, (Reason.FORGED, Reason.TEST_MISSING))


def test_a_certificate_that_fails_keeps_no_text(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    row = rig.scan(FORGED)
    assert (row.entry.pass_kind, row.entry.personal.text) == ("health", "")


def test_a_revoked_certificate_counts_for_nothing(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.scan(untested())
    rig.hits = frozenset({ListHit.REVOKED})
    row = rig.scan(a_certificate())
    assert (row.entry.key.outcome, row.entry.reasons) == (HELD, (Reason.TEST_MISSING, Reason.REVOKED))


def test_a_certificate_never_changes_what_a_person_decided(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, mode=Mode.ATTENDED)
    row = rig.scan(untested())
    rig.ask(Decide(HELD, row.passage, row.seq))
    kept = rig.scan(FORGED)
    assert (kept.passage, kept.entry.key.outcome, kept.entry.reasons) == (row.passage, HELD, (Reason.BY_OPERATOR,))
    assert rig.view()["passage"]["against"] == ("forged",)


def test_what_is_shown_later_does_not_lengthen_the_time_for_an_undo(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, mode=Mode.ATTENDED)
    row = rig.scan(untested())
    decided = rig.ask(Decide(HELD, row.passage, row.seq))
    rig.clock.seconds += 20
    rig.scan(a_certificate())
    assert rig.view()["passage"]["undo_until"] == decided.undo_until


def test_after_an_undo_what_was_shown_meanwhile_still_counts(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, mode=Mode.ATTENDED)
    row = rig.scan(untested())
    rig.ask(Decide(HELD, row.passage, row.seq))
    shown = rig.scan(a_certificate())
    undone = rig.ask(Undo(shown.passage, shown.seq))
    assert (undone.outcome, undone.reasons, undone.certificates) == ("held", ("awaiting_operator", "undone"), 1)


def test_once_granted_a_certificate_begins_a_passage_of_its_own(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    granted = rig.scan(a_pass())
    row = rig.scan(a_certificate())
    assert (granted.entry.key.outcome, row.passage != granted.passage) == (GRANTED, True)


def test_a_minute_later_a_certificate_is_somebody_elses(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    first = rig.scan(untested())
    rig.clock.seconds += 60
    assert rig.scan(a_certificate()).passage != first.passage


def test_a_strangers_code_takes_no_certificate_in(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    passage = rig.scan(untested(party=1))
    between = rig.scan("a stranger's code")
    row = rig.scan(a_certificate())
    assert (between.passage != passage.passage, row.passage) == (True, passage.passage)


def test_a_badge_in_between_is_no_passage_and_changes_none(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    passage = rig.scan(untested(party=1))
    assert rig.scan(a_pass(kind=PassKind.BADGE, details=DETAILS[PassKind.BADGE])) is None
    ((lane, badge, against),) = rig.badges
    assert (lane, badge.details, against) == ("1", DETAILS[PassKind.BADGE], (Reason.NOT_FOR_PASSING,))
    assert rig.scan(a_certificate()).passage == passage.passage


def test_one_certificate_at_two_lanes_within_minutes_is_held_as_a_possible_copy(tmp_path: Path) -> None:
    first = LaneRig(tmp_path)
    second = LaneRig(tmp_path, lane_id="2", clock=first.clock, ledger=first.ledger)
    first.scan(untested())
    assert first.scan(a_certificate()).entry.key.outcome is GRANTED
    second.scan(untested())
    row = second.scan(a_certificate())
    assert (row.entry.key.outcome, row.entry.reasons) == (HELD, (Reason.TEST_MISSING, Reason.POSSIBLE_COPY))


def test_a_pass_that_took_a_passage_over_is_found_again_by_its_own_id(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    shown = untested()
    rig.scan(a_certificate())
    assert rig.scan(shown).entry.key.outcome is GRANTED
    rig.clock.seconds += 30
    assert Reason.USED_RECENTLY in rig.scan(shown).entry.reasons


def test_after_a_restart_the_open_passage_and_its_certificates_go_on(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    first = rig.scan(untested(party=2))
    rig.scan(a_certificate(1))
    rig.ledger.close()
    again = LaneRig(tmp_path, clock=rig.clock)
    assert again.view()["passage"]["id"] == first.passage
    assert again.scan(a_certificate(1)).entry.key.outcome is HELD
    row = again.scan(a_certificate(2))
    assert (row.passage, row.entry.key.outcome) == (first.passage, GRANTED)
    assert audit.verify(tmp_path).broken_at == 0


def test_after_a_reboot_nothing_is_open(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.scan(untested())
    rig.ledger.close()
    rig.clock.boot = "boot0002"
    again = LaneRig(tmp_path, clock=rig.clock)
    assert again.view()["passage"] is None


def test_a_certificates_id_and_name_stand_in_no_row_in_clear(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.scan(a_certificate(1))
    rig.scan(untested(party=2))
    rig.scan(a_certificate(2, fn="Öztürk", fnt="OEZTUERK"))
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as other, other:
        everything = repr(other.execute("SELECT * FROM ledger").fetchall())
    for told in ("UVCI", "Gabriele", "Öztürk", "negative", "2026-03-01"):
        assert told not in everything
    assert rig.lane.name(rig.view()["passage"]["id"]) == "Gabriele Gößinger\nGabriele Öztürk"


def test_a_name_is_told_for_the_passage_on_the_screen_alone_and_never_by_the_feed(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    first = rig.scan(a_certificate(1))
    view = rig.view()
    assert (view["passage"]["named"], "Gößinger" in repr(view)) == (True, False)
    assert rig.lane.name(first.passage) == "Gabriele Gößinger"
    rig.scan("a stranger's code")
    assert rig.lane.name(first.passage) == ""


# Cards in several codes


def test_the_codes_of_a_card_are_joined_in_one_passage_in_any_order(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    one, two, three = parts_of(a_card(), 3)
    rows = [rig.scan(part) for part in (two, three, two, one)]
    assert {row.passage for row in rows} == {rows[0].passage}
    assert [row.entry.reasons for row in rows] == [*[(Reason.INCOMPLETE,)] * 3, (Reason.NOT_FOR_PASSING,)]
    assert (rows[-1].entry.pass_kind, rows[-1].entry.evidence["test"]) == ("health", "attested")
    assert rig.scan(untested()).entry.key.outcome is GRANTED
    assert counted(rig) == (1, 0, 0, 1, 1)


def test_a_card_in_several_codes_shown_for_an_open_passage_meets_its_test(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.scan(untested())
    one, two = parts_of(a_card(), 2)
    first, last = rig.scan(one), rig.scan(two)
    assert first.entry.reasons == (Reason.TEST_MISSING, Reason.INCOMPLETE)
    assert (last.entry.key.outcome, last.entry.reasons, counted(rig)) == (GRANTED, (), (1, 0, 0, 1, 1))


def test_a_joined_card_that_fails_says_why_in_the_same_passage(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    one, two = parts_of(FORGED_CARD, 2)
    first, row = rig.scan(one), rig.scan(two)
    assert (row.passage, row.entry.reasons) == (first.passage, (Reason.FORGED,))


def test_codes_of_a_card_are_forgotten_once_the_passage_is_over(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    one, two = parts_of(a_card(), 2)
    row = rig.scan(one)
    rig.ask(Decide(DENIED, row.passage, row.seq))
    assert rig.scan(two).entry.reasons == (Reason.INCOMPLETE,)


def test_a_card_of_a_positive_test_is_held(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path)
    rig.scan(untested())
    row = rig.scan(a_card(card_claims(a_bundle(an_observation(code="260373001")))))
    assert Reason.TEST_POSITIVE in row.entry.reasons


# Goods


def a_batch(**changes: Any):
    return a_pass(kind=PassKind.BATCH, details=DETAILS[PassKind.BATCH], musts={}, party=1, plate="", **changes)


@pytest.mark.parametrize("goods_first", [True, False])
def test_goods_are_named_in_the_passage_that_carries_them(tmp_path: Path, goods_first: bool) -> None:
    rig = LaneRig(tmp_path, mode=Mode.ATTENDED)
    goods, truck = a_batch(), a_pass(traffic=TrafficKind.TRUCK)
    codes = [goods, truck] if goods_first else [truck, goods]
    first, row = (rig.scan(code) for code in codes)
    assert (row.passage, row.entry.evidence["goods"]) == (first.passage, goods.id)
    assert row.entry.reasons == (Reason.AWAITING_OPERATOR,)
    view = rig.view()["passage"]
    assert (view["pass_kind"], view["said"]["batch.firm"], view["plate"]) == ("declaration", "恒冷物流", truck.plate)
    assert counted(rig) == (0, 1, 0, 1, 2)


def test_goods_alone_are_held_for_that_and_not_for_missing_musts(tmp_path: Path) -> None:
    assert LaneRig(tmp_path).scan(a_batch()).entry.reasons == (Reason.NOT_FOR_PASSING,)


def test_goods_that_have_expired_hold_the_truck(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, mode=Mode.ATTENDED)
    rig.scan(a_pass())
    assert rig.scan(a_batch(expires=NOON)).entry.reasons == (Reason.EXPIRED,)


def test_one_batch_rides_on_several_trucks(tmp_path: Path) -> None:
    first = LaneRig(tmp_path)
    second = LaneRig(tmp_path, lane_id="2", clock=first.clock, ledger=first.ledger)
    goods = a_batch()
    first.scan(goods)
    assert first.scan(a_pass()).entry.key.outcome is GRANTED
    second.scan(goods)
    assert second.scan(a_pass()).entry.key.outcome is GRANTED


def test_on_foot_a_certificate_serves_as_well(tmp_path: Path) -> None:
    rig = LaneRig(tmp_path, kind=LaneKind.PERSON)
    rig.scan(a_certificate())
    row = rig.scan(untested())
    assert (row.entry.key.outcome, row.entry.vehicles, row.entry.persons) == (GRANTED, 0, 1)
