"""Which QR code each kind of pass needs at level M, with what such a pass usually says."""

from dataclasses import replace

import pytest
import segno
from made import DETAILS, KEY, a_pass

from station.domain.details import DeclarationDetails
from station.domain.passes import Attestation, Must, Pass, PassKind, Scope, TrafficKind
from station.passes import cp1

DECLARED = dict.fromkeys(Must, Attestation.DECLARED)
USUAL: dict[PassKind, Pass] = {
    PassKind.DECLARATION: a_pass(musts=DECLARED),
    PassKind.VEHICLE: a_pass(details=DETAILS[PassKind.VEHICLE], label="", traffic=TrafficKind.BUS, party=1, musts={}),
    PassKind.RESIDENT: a_pass(
        details=DETAILS[PassKind.RESIDENT], plate="", traffic=None, origin="", musts={}, scope=Scope(grids=("g7",))
    ),
    PassKind.BADGE: a_pass(
        details=DETAILS[PassKind.BADGE],
        plate="",
        traffic=None,
        party=1,
        origin="",
        musts={},
        scope=Scope(grids=("g7", "g8")),
    ),
    PassKind.VOUCHER: a_pass(
        details=DETAILS[PassKind.VOUCHER],
        label="",
        party=1,
        scope=Scope(route=("g107", "qiaobei"), drop_offs=("gate-3",)),
    ),
    PassKind.BATCH: a_pass(
        details=DETAILS[PassKind.BATCH], label="", plate="", traffic=None, party=1, origin="", musts={}
    ),
    PassKind.MANIFEST: a_pass(
        details=DETAILS[PassKind.MANIFEST], label="", traffic=TrafficKind.BUS, party=1, origin="", musts=DECLARED
    ),
}
# Modules a side are 17 + 4 * version: 53 at version 9, 57 at 10.
VERSIONS = {
    PassKind.DECLARATION: 9,
    PassKind.VEHICLE: 9,
    PassKind.RESIDENT: 9,
    PassKind.BADGE: 9,
    PassKind.VOUCHER: 10,
    PassKind.BATCH: 9,
    PassKind.MANIFEST: 9,
}


def version(found: Pass) -> int:
    code = segno.make(cp1.issue(found, KEY), error="m", boost_error=False, micro=False)
    assert code.mode == "alphanumeric"
    return int(code.version)


@pytest.mark.parametrize("kind", [kind for kind in PassKind if kind is not PassKind.HEALTH])
def test_a_usual_pass_of_every_kind_needs_the_code_it_is_said_to(kind: PassKind) -> None:
    assert version(replace(USUAL[kind], kind=kind)) == VERSIONS[kind]


def test_a_declaration_that_names_one_more_place_still_fits_version_9_and_with_two_it_does_not() -> None:
    one, two = (DeclarationDetails(places) for places in (("410700",), ("410700", "420100")))
    assert (version(a_pass(details=one)), version(a_pass(details=two))) == (9, 10)
