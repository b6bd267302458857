"""A bus's journey: who may start it, who declares into it, and what is forgotten."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_driver import BARE_BUS, BUS, ROAD, Desk

from station.domain.declaration import Declaration
from station.domain.details import ManifestDetails
from station.domain.passes import Attestation, Must, PassKind
from station.domain.trips import Trip, TripRefusal, TripRefused

ALL = frozenset(Must)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


def said(party: int = 1, origin: str = "410700", *been: str, musts: frozenset[Must] = ALL) -> Declaration:
    return Declaration(party, origin, been, musts)


def trip_of(desk: Desk, secret: str) -> Trip:
    trip = desk.services.trip(secret)
    assert trip is not None
    return trip


def refusal(desk: Desk, phone: str, declaration: Declaration) -> TripRefusal:
    with pytest.raises(TripRefused) as refused:
        desk.services.join(BUS, phone, declaration)
    return refused.value.refusal


def test_passengers_are_counted_as_they_declare(desk: Desk) -> None:
    secret = desk.services.start_trip(BUS, BUS.plate, 40)
    desk.services.join(BUS, "phone-a", said(2))
    desk.services.join(BUS, "phone-b", said(3, "420100", "110000"))
    trip = trip_of(desk, secret)
    assert (trip.declared, trip.missing, trip.plate) == (5, 35, BUS.plate)
    assert trip.provinces == {"420000": 3, "110000": 3, "410000": 2}
    assert desk.counts(BUS) == (0, 2)


def test_the_same_phone_declaring_again_replaces_what_it_declared(desk: Desk) -> None:
    secret = desk.services.start_trip(BUS, BUS.plate, 40)
    for party in (4, 2):
        desk.services.join(BUS, "phone-a", said(party))
    assert trip_of(desk, secret).declared == 2


def test_a_must_counts_for_the_bus_only_where_every_passenger_declared_it(desk: Desk) -> None:
    secret = desk.services.start_trip(BUS, BUS.plate, 40)
    assert trip_of(desk, secret).musts == frozenset()
    desk.services.join(BUS, "phone-a", said())
    desk.services.join(BUS, "phone-b", said(musts=ALL - {Must.TEST}))
    assert trip_of(desk, secret).musts == ALL - {Must.TEST}


@pytest.mark.parametrize(
    ("origins", "shared"),
    [
        (("410700", "410700"), "410700"),
        (("410700", "410100"), "410000"),
        (("410700", "420100"), ""),
        ((), ""),
    ],
)
def test_the_manifest_says_the_origin_that_all_share(desk: Desk, origins: tuple[str, ...], shared: str) -> None:
    secret = desk.services.start_trip(BUS, BUS.plate, 40)
    for number, origin in enumerate(origins):
        desk.services.join(BUS, f"phone-{number}", said(1, origin))
    assert trip_of(desk, secret).origin == shared


def test_more_than_are_aboard_cannot_declare(desk: Desk) -> None:
    secret = desk.services.start_trip(BUS, BUS.plate, 3)
    desk.services.join(BUS, "phone-a", said(2))
    assert refusal(desk, "phone-b", said(2)) is TripRefusal.FULL
    desk.services.join(BUS, "phone-a", said(3))
    assert trip_of(desk, secret).missing == 0


def test_before_the_journey_and_after_it_nobody_declares(desk: Desk) -> None:
    assert refusal(desk, "phone-a", said()) is TripRefusal.NOT_STARTED
    secret = desk.services.start_trip(BUS, BUS.plate, 3)
    desk.services.end_trip(secret)
    assert desk.services.trip(secret) is None
    assert refusal(desk, "phone-a", said()) is TripRefusal.NOT_STARTED
    assert not desk.services.under_way(BUS)


def test_a_journey_and_its_declarations_are_forgotten_after_hours(desk: Desk) -> None:
    secret = desk.services.start_trip(BUS, BUS.plate, 3)
    desk.services.join(BUS, "phone-a", said())
    desk.later(hours=6)
    assert desk.services.trip(secret) is None
    assert not desk.services.under_way(BUS)
    desk.services.start_trip(BARE_BUS, "豫G51235", 3)
    desk.desk.trips.sweep()
    with desk.database.transaction() as connection:
        assert connection.execute("select count(*) as n from trip_declarations").fetchone()["n"] == 0
        assert connection.execute("select count(*) as n from trips").fetchone()["n"] == 1


def test_a_journey_under_way_is_not_taken_over_by_whoever_scans_the_code(desk: Desk) -> None:
    secret = desk.services.start_trip(BUS, BUS.plate, 3)
    desk.later(minutes=20)
    assert desk.services.trip(secret) is not None  # the driver looks
    desk.later(minutes=29)
    with pytest.raises(TripRefused, match="under_way"):
        desk.services.start_trip(BUS, BUS.plate, 3)


def test_a_journey_that_nobody_looked_at_may_be_taken_over(desk: Desk) -> None:
    lost = desk.services.start_trip(BUS, BUS.plate, 3)
    desk.later(minutes=31)
    secret = desk.services.start_trip(BUS, BUS.plate, 5)
    assert desk.services.trip(lost) is None
    assert trip_of(desk, secret).seats == 5


def test_the_manifest_is_a_pass_that_changes_only_when_somebody_declares(desk: Desk) -> None:
    secret = desk.services.start_trip(BUS, BUS.plate, 40)
    desk.services.join(BUS, "phone-a", said(23))
    text, shown = desk.services.manifest(trip_of(desk, secret))
    desk.later(minutes=2)
    assert desk.services.manifest(trip_of(desk, secret))[0] == text
    assert (shown.kind, shown.plate, shown.party) == (PassKind.MANIFEST, BUS.plate, 40)
    assert shown.details == ManifestDetails(40, 23)
    assert shown.musts == dict.fromkeys(Must, Attestation.DECLARED)
    desk.services.join(BUS, "phone-b", said())
    again, changed = desk.services.manifest(trip_of(desk, secret))
    assert again != text
    assert changed.id == shown.id


def test_neither_the_secret_nor_a_phones_word_stands_on_the_disk(desk: Desk, tmp_path: Path) -> None:
    secret = desk.services.start_trip(BUS, BUS.plate, 40)
    desk.services.join(BUS, "phone-of-somebody", said())
    desk.database.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert secret.encode() not in kept
    assert b"phone-of-somebody" not in kept


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(1, 9)), max_size=20))
def test_the_manifest_never_holds_more_than_are_aboard(
    tmp_path_factory: pytest.TempPathFactory, declared: list[tuple[str, int]]
) -> None:
    desk = Desk(tmp_path_factory.mktemp("trip"))
    secret = desk.services.start_trip(BUS, BUS.plate, 12)
    last: dict[str, int] = {}
    for phone, party in declared:
        try:
            desk.services.join(BUS, f"phone-{phone}", said(party))
        except TripRefused:
            continue
        last[phone] = party
    trip = trip_of(desk, secret)
    assert trip.declared == sum(last.values()) <= 12
    desk.close()


def test_a_declaration_beside_the_road_leaves_nothing_but_its_count(desk: Desk) -> None:
    reference = desk.services.declare(ROAD, Declaration(3, "410700", ("420100",), ALL, "豫G12345"))
    assert desk.counts(ROAD) == (0, 1)
    desk.database.close()
    assert "豫G12345".encode() not in desk.database.path.read_bytes()
    opened = desk.services.open(reference)
    assert opened is not None
    text, shown = opened
    assert text.startswith("CP1:")
    assert (shown.plate, shown.party, shown.origin) == ("豫G12345", 3, "410700")


@pytest.mark.parametrize("reference", ["", "AAAA", "no reference!", "%00", "A" * 5000, "Ünicode"])
def test_what_the_district_did_not_sign_is_not_opened(desk: Desk, reference: str) -> None:
    assert desk.services.open(reference) is None


def test_a_changed_reference_is_not_opened(desk: Desk) -> None:
    reference = desk.services.declare(ROAD, Declaration(3, "410700", (), ALL, "豫G12345"))
    changed = reference[:60] + ("A" if reference[60] != "A" else "B") + reference[61:]
    assert desk.services.open(changed) is None
