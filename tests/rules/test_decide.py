from datetime import timedelta

import pytest
from made import NOON, a_moment, a_pass, a_situation

from station import rules
from station.domain.decision import Outcome, Source
from station.domain.details import ManifestDetails
from station.domain.lists import ListHit
from station.domain.passes import Attestation, Must, PassKind, Rejected, Scope
from station.domain.reasons import Reason
from station.domain.situation import Mode, Policy, SensorState, Use

GRANTED, HELD, DENIED = Outcome.GRANTED, Outcome.HELD, Outcome.DENIED


GRID_7 = a_situation(grids=("g7",))
A_BUS_WAITING = a_pass(kind=PassKind.MANIFEST, details=ManifestDetails(40, 39))


def a_use(lane: str = "1", outcome: Outcome = GRANTED, ago: float = 60.0) -> Use:
    return Use(passage=1, row=1, lane=lane, outcome=outcome, ago=ago)


def test_a_good_pass_on_an_automatic_lane_is_granted_without_a_reason() -> None:
    decision = rules.decide(a_pass(), a_situation())
    assert (decision.outcome, decision.reasons) == (GRANTED, ())


def test_a_pass_of_an_issuer_whose_clock_is_a_minute_ahead_is_good() -> None:
    assert rules.decide(a_pass(not_before=NOON + timedelta(seconds=60)), a_situation()).outcome is GRANTED


def test_the_policy_says_how_far_an_issuers_clock_may_be_ahead() -> None:
    strict = a_situation(policy=Policy(issuer_leeway=0))
    assert rules.decide(a_pass(not_before=NOON + timedelta(seconds=1)), strict).outcome is DENIED
    lenient = a_situation(policy=Policy(issuer_leeway=300))
    assert rules.decide(a_pass(not_before=NOON + timedelta(seconds=300)), lenient).outcome is GRANTED
    assert rules.decide(a_pass(expires=NOON), lenient).outcome is DENIED


def test_on_an_attended_lane_it_waits_for_the_one_tap() -> None:
    decision = rules.decide(a_pass(), a_situation(mode=Mode.ATTENDED))
    assert (decision.outcome, decision.proposed, decision.reasons) == (HELD, GRANTED, (Reason.AWAITING_OPERATOR,))


@pytest.mark.parametrize(
    ("shown", "situation", "outcome", "reason"),
    [
        (a_pass(expires=NOON), a_situation(), DENIED, Reason.EXPIRED),
        (a_pass(not_before=NOON + timedelta(seconds=61)), a_situation(), DENIED, Reason.NOT_YET_VALID),
        (a_pass(expires=NOON), a_situation(at=a_moment(trusted=False)), HELD, Reason.CLOCK_UNTRUSTED),
        (a_pass(scope=Scope(levels=("elsewhere",))), a_situation(), DENIED, Reason.OUT_OF_SCOPE),
        (a_pass(scope=Scope(grids=("elsewhere",))), a_situation(), DENIED, Reason.OUT_OF_SCOPE),
        (a_pass(scope=Scope(route=("elsewhere",))), a_situation(), DENIED, Reason.OUT_OF_SCOPE),
        (a_pass(scope=Scope(drop_offs=("elsewhere",))), a_situation(), DENIED, Reason.OUT_OF_SCOPE),
        (
            a_pass(kind=PassKind.BADGE, scope=Scope(grids=("g8",))),
            a_situation(grids=("g7",)),
            DENIED,
            Reason.OTHER_GRID,
        ),
        (a_pass(), a_situation(list_hits=frozenset({ListHit.REVOKED})), DENIED, Reason.REVOKED),
        (a_pass(), a_situation(list_hits=frozenset({ListHit.WATCHED})), HELD, Reason.ON_WATCHLIST),
        (a_pass(), a_situation(list_hits=frozenset({ListHit.NOT_RESIDENT})), HELD, Reason.NOT_RESIDENT),
        (
            a_pass(kind=PassKind.MANIFEST, details=ManifestDetails(40, 39)),
            a_situation(),
            HELD,
            Reason.PASSENGERS_MISSING,
        ),
        (a_pass(scope=Scope(lanes=("2",))), a_situation(), HELD, Reason.WRONG_LANE),
        (a_pass(kind=PassKind.BADGE), a_situation(), HELD, Reason.NOT_FOR_PASSING),
        (a_pass(), a_situation(recent_uses=(a_use(),)), HELD, Reason.USED_RECENTLY),
        (a_pass(), a_situation(recent_uses=(a_use(lane="2"),)), HELD, Reason.POSSIBLE_COPY),
        (a_pass(), a_situation(temperature=37.3, thermometer=SensorState.OK), HELD, Reason.FEVER),
        (a_pass(), a_situation(thermometer=SensorState.LOST), HELD, Reason.THERMOMETER_LOST),
        (a_pass(musts={}), a_situation(), HELD, Reason.IDENTITY_MISSING),
        (Rejected(Reason.NOT_A_PASS, "x"), a_situation(), HELD, Reason.NOT_A_PASS),
        (Rejected(Reason.FORGED, "x"), a_situation(), DENIED, Reason.FORGED),
        (Rejected(Reason.MALFORMED, "x"), a_situation(), DENIED, Reason.MALFORMED),
        (Rejected(Reason.UNKNOWN_ISSUER, "x"), a_situation(), DENIED, Reason.UNKNOWN_ISSUER),
    ],
)
def test_each_objection_gives_its_outcome_and_its_reason(shown, situation, outcome, reason) -> None:
    decision = rules.decide(shown, situation)
    assert decision.outcome is outcome
    assert reason in decision.reasons


def test_the_worst_finding_decides() -> None:
    decision = rules.decide(a_pass(expires=NOON, musts={}), a_situation())
    assert decision.outcome is DENIED


@pytest.mark.parametrize("use", [a_use(ago=601), a_use(outcome=HELD), a_use(outcome=DENIED)])
def test_only_a_recent_grant_counts_as_a_use(use: Use) -> None:
    assert rules.decide(a_pass(), a_situation(recent_uses=(use,))).outcome is GRANTED


def test_a_scope_that_names_the_place_at_any_level_holds() -> None:
    shown = a_pass(scope=Scope(levels=("qiaobei",), grids=("g107-bridge-north",), lanes=("1",)))
    assert rules.decide(shown, a_situation()).outcome is GRANTED


@pytest.mark.parametrize(
    "scope",
    [
        Scope(grids=("g7",)),
        Scope(route=("bridge-north",), drop_offs=("x",)),
        Scope(route=("x",), drop_offs=("qiaobei",)),
    ],
)
def test_a_grid_of_the_station_a_stop_of_the_route_and_a_drop_off_hold(scope: Scope) -> None:
    assert rules.decide(a_pass(scope=scope), GRID_7).outcome is GRANTED


def test_a_bus_whose_passengers_all_declared_is_granted() -> None:
    shown = a_pass(kind=PassKind.MANIFEST, details=ManifestDetails(40, 40))
    assert rules.decide(shown, a_situation()).outcome is GRANTED


def test_where_there_is_a_thermometer_a_declared_temperature_is_not_enough() -> None:
    decision = rules.decide(a_pass(), a_situation(thermometer=SensorState.LOST))
    assert Reason.TEMPERATURE_MISSING in decision.reasons


@pytest.mark.parametrize("must", Must)
def test_every_must_can_be_met_by_the_pass_or_the_operator_and_is_missed_without(must: Must) -> None:
    policy = Policy(musts=frozenset({must}), declared_suffices=frozenset())
    declared = a_pass(musts={must: Attestation.DECLARED})
    attested = a_pass(musts={must: Attestation.ATTESTED})
    assert rules.decide(declared, a_situation(policy=policy)).outcome is HELD
    assert rules.decide(attested, a_situation(policy=policy)).musts == {must: Source.ATTESTED}
    ticked = rules.decide(declared, a_situation(policy=policy, ticks=frozenset({must})))
    assert (ticked.outcome, ticked.musts) == (GRANTED, {must: Source.OPERATOR})


@pytest.mark.parametrize("kind", [PassKind.BADGE, PassKind.BATCH, PassKind.HEALTH])
def test_a_code_that_lets_nobody_pass_is_not_asked_for_musts(kind: PassKind) -> None:
    decision = rules.decide(a_pass(kind=kind, musts={}), a_situation())
    assert (decision.outcome, decision.reasons) == (HELD, (Reason.NOT_FOR_PASSING,))


@pytest.mark.parametrize(
    "shown",
    [
        a_pass(kind=PassKind.HEALTH, expires=NOON),
        a_pass(kind=PassKind.BATCH, expires=NOON),
        Rejected(Reason.FORGED, "HC1:x", "HC1"),
        Rejected(Reason.MALFORMED, "shc:/x", "shc"),
    ],
)
def test_a_code_that_rides_beside_a_pass_turns_nobody_back(shown) -> None:
    assert rules.decide(shown, a_situation()).outcome is HELD


def test_a_batch_may_have_been_used_a_moment_ago() -> None:
    used = a_situation(recent_uses=(a_use(), a_use(lane="2")))
    decision = rules.decide(a_pass(kind=PassKind.BATCH), used)
    assert decision.reasons == (Reason.NOT_FOR_PASSING,)
