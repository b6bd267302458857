"""The room of lists by itself: what it takes, what it refuses, what it keeps, and what it answers."""

import random
import threading
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from lanes import HandClock
from made import KEY, NOON, TRUST, a_pass, flipped
from made_lists import DIGESTS, DISTRICT, STATION, believed, digested, place_of, revoking, trusting

from station.disk import draft_of
from station.domain.details import ResidentDetails
from station.domain.lists import ListHit, ListState
from station.domain.passes import PassKind
from station.domain.reasons import Reason
from station.lists import Lists
from station.lists.shelf import Shelf, Stored
from station.lists.versions import CONFIRMATION_PERIOD_S
from station.passes import TrustList, cp1, read
from station.passes.digests import Digests
from station.passes.roles import KeyRole, KeyUse
from station.passes.signed_lists import ListError, ListName
from station.passes.signed_lists import read as read_list
from station.passes.trust import key_digest

WATCHLIST, RESIDENTS = ListName.WATCHLIST, ListName.RESIDENTS
OLD, NEW = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


@dataclass
class Room:
    """``take`` hands a list in as the outbox does; ``restarted`` is the same station after a restart."""

    folder: Path
    roots: TrustList = field(default_factory=lambda: TRUST)
    digests: Digests | None = DIGESTS
    clock: HandClock = field(default_factory=HandClock)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.folder, DISTRICT, STATION)
        self.lists = Lists(self.shelf, self.roots, self.digests, self.clock.now)

    def take(self, message: bytes, name: str = "revocations", station: str = "all") -> str:
        self.lists.receive(station, name, message)
        return self.lists.fault

    def restarted(self, **changes) -> "Room":
        return replace(self, **changes)

    def hits(self, **changes) -> set[ListHit]:
        return set(self.lists.hits(a_pass(**changes)))

    def may_sign(self, key: Ed25519PrivateKey, use: KeyUse) -> bool:
        return any(self.lists.trust().candidates(key_digest(key.public_key()), use))

    def believes(self, key: Ed25519PrivateKey) -> bool:
        text = cp1.issue(a_pass(), key)
        return getattr(read(text.encode(), text, self.lists.trust()), "reason", None) is not Reason.UNKNOWN_ISSUER


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "lists")


def states(room: Room) -> dict[str, ListState]:
    return {view.name: view.state for view in room.lists.views()}


def test_a_revoked_pass_is_hit_and_one_that_is_revoked_no_longer_is_not(room: Room) -> None:
    assert room.take(revoking("00" * 8, "ab" * 32)) == ""
    assert room.hits(id="00" * 8) == {ListHit.REVOKED}
    assert room.hits(id="ab" * 32) == {ListHit.REVOKED}
    assert room.hits(id="11" * 8) == set()
    assert room.take(revoking("ab" * 32, version=2)) == ""
    assert room.hits(id="00" * 8) == set()


def test_a_watched_plate_pass_or_household_is_hit(room: Room) -> None:
    digests = (DIGESTS.plate("豫G12345"), DIGESTS.pass_id("11" * 8), DIGESTS.household("3", "502"))
    assert room.take(digested(WATCHLIST, *digests), WATCHLIST) == ""
    assert room.hits(plate="豫Ｇ·12345") == {ListHit.WATCHED}
    assert room.hits(plate="", id="11" * 8) == {ListHit.WATCHED}
    resident = {"plate": "", "kind": PassKind.RESIDENT}
    assert room.hits(**resident, details=ResidentDetails("3", "502")) == {ListHit.WATCHED}
    assert room.hits(**resident, details=ResidentDetails("3", "503")) == set()
    assert room.hits(plate="") == set()


def test_only_a_residents_pass_is_asked_for_on_the_residents_list_and_only_if_there_is_one(room: Room) -> None:
    resident = {"kind": PassKind.RESIDENT, "details": ResidentDetails("3", "502")}
    assert room.hits(**resident) == set()
    room.take(digested(RESIDENTS, DIGESTS.household("3", "501")), RESIDENTS)
    assert room.hits(**resident) == {ListHit.NOT_RESIDENT}
    assert room.hits(kind=PassKind.RESIDENT) == {ListHit.NOT_RESIDENT}
    assert room.hits() == set()
    room.take(digested(RESIDENTS, DIGESTS.household("3", "502"), version=2), RESIDENTS)
    assert room.hits(**resident) == set()


def test_a_list_for_all_and_one_for_this_station_are_both_asked(room: Room) -> None:
    room.take(revoking("aa" * 8))
    room.take(revoking("bb" * 8, station=STATION), station=STATION)
    assert room.hits(id="aa" * 8) == room.hits(id="bb" * 8) == {ListHit.REVOKED}
    assert room.lists.versions() == {"revocations": 1, f"{STATION}/revocations": 1}
    assert [view.own for view in room.lists.views()] == [False, True]


def test_everything_is_held_over_a_restart(room: Room) -> None:
    room.take(revoking("aa" * 8, version=7))
    room.take(digested(WATCHLIST, DIGESTS.plate("豫G12345")), WATCHLIST)
    room.take(trusting(NEW), "trust")
    again = room.restarted()
    assert again.lists.fault == ""
    assert again.hits(id="aa" * 8) == {ListHit.REVOKED, ListHit.WATCHED}
    assert again.believes(NEW)
    assert again.lists.views() == room.lists.views()


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (revoking("bb" * 8, version=6), "older than 7"),
        (revoking("bb" * 8, version=7), "other content"),
        (revoking("bb" * 8, version=8, key=NEW), "not believed"),
        (revoking("bb" * 8, version=8, district="another"), "district"),
        (revoking("bb" * 8, version=8, station=STATION), "station"),
        (digested(WATCHLIST, version=8), "name"),
        (b"", "JSON"),
        (b"no list", "JSON"),
    ],
)
def test_a_list_that_is_refused_is_told_and_the_one_held_is_kept(room: Room, message: bytes, why: str) -> None:
    room.take(revoking("aa" * 8, version=7))
    assert why in room.take(message)
    assert room.hits(id="aa" * 8) == {ListHit.REVOKED}
    assert room.hits(id="bb" * 8) == set()
    assert room.restarted().hits(id="aa" * 8) == {ListHit.REVOKED}
    assert room.take(revoking("bb" * 8, version=8)) == ""


def test_the_same_list_again_is_no_news_and_ends_the_complaint_about_another(room: Room) -> None:
    genuine = revoking("aa" * 8)
    room.take(genuine)
    assert room.take(b"forged") != ""
    assert room.take(genuine) == ""


def test_a_kind_of_list_that_only_a_newer_hub_has_is_passed_over(room: Room) -> None:
    assert room.take(b"whatever it is", "curfews") == ""
    assert room.take(revoking("aa" * 8), station="another-station") == ""
    assert room.lists.views() == ()


def test_a_list_past_its_expiry_is_used_and_called_stale(room: Room) -> None:
    room.take(revoking("aa" * 8))
    assert states(room) == {"revocations": ListState.CURRENT}
    room.clock.seconds = 8 * 86400
    assert states(room) == {"revocations": ListState.STALE}
    assert room.hits(id="aa" * 8) == {ListHit.REVOKED}


def test_a_clock_that_cannot_be_trusted_makes_no_list_stale_and_ends_no_key(room: Room) -> None:
    room.take(trusting(believed(NEW, -1, 1)), "trust")
    room.clock.seconds, room.clock.trusted = 30 * 86400, False
    assert states(room) == {"trust": ListState.CURRENT}
    assert room.believes(NEW)
    room.clock.trusted = True
    assert states(room) == {"trust": ListState.STALE}
    assert not room.believes(NEW)


# Keys


def test_in_an_overlap_passes_of_both_keys_are_good_and_afterwards_those_of_the_new_one(tmp_path: Path) -> None:
    room = Room(tmp_path / "lists", TrustList([OLD.public_key()]))
    keys = believed(OLD, -48, 2), believed(NEW, 1, 999)
    assert room.take(trusting(*keys, key=OLD), "trust") == ""
    believed_at = []
    for hour in (0, 1, 2):
        room.clock.seconds = hour * 3600
        believed_at.append((room.believes(OLD), room.believes(NEW)))
    assert believed_at == [(True, False), (True, True), (False, True)]


def test_a_key_that_the_trust_list_no_longer_names_is_believed_no_longer_unless_its_file_is_there(room: Room) -> None:
    room.take(trusting(OLD, NEW), "trust")
    assert room.believes(OLD)
    room.take(trusting(NEW, version=2), "trust")
    assert not room.believes(OLD)
    assert room.believes(NEW)
    assert room.believes(KEY)


def test_a_key_in_the_folder_whose_time_a_trust_list_ends_signs_trust_lists_and_nothing_else(room: Room) -> None:
    assert room.take(trusting(believed(KEY, -9, -1), NEW), "trust") == ""
    assert not room.believes(KEY)
    assert "not believed" in room.take(revoking("aa" * 8))
    assert room.take(trusting(KEY, NEW, version=2), "trust") == ""
    assert room.believes(KEY)


def test_a_key_for_orders_signs_orders_in_its_time_and_nothing_else(room: Room) -> None:
    for_orders = replace(believed(OLD, -1, 1), role=KeyRole.ORDERS)
    assert room.take(trusting(for_orders, believed(NEW)), "trust") == ""
    assert [room.may_sign(key, KeyUse.ORDERS) for key in (OLD, NEW, KEY)] == [True, True, True]
    assert [room.may_sign(key, KeyUse.PASSES) for key in (OLD, NEW, KEY)] == [False, True, True]
    assert "not believed" in room.take(revoking("00112233445566aa", key=OLD))
    assert "not believed" in room.take(trusting(NEW, version=2, key=OLD), "trust")
    room.clock.seconds += 2 * 3600
    assert [room.may_sign(key, KeyUse.ORDERS) for key in (OLD, NEW, KEY)] == [False, True, True]


def test_a_trust_list_may_be_signed_by_a_key_of_the_one_before_and_holds_over_a_restart(room: Room) -> None:
    room.take(trusting(OLD), "trust")
    assert room.take(trusting(OLD, NEW, version=2, key=OLD), "trust") == ""
    assert room.take(trusting(NEW, version=3, key=NEW), "trust") == ""
    again = room.restarted()
    assert again.lists.fault == ""
    assert again.believes(NEW)
    assert not again.believes(OLD)


def test_a_trust_list_that_leaves_out_its_own_signer_is_refused_unless_the_folder_has_it(room: Room) -> None:
    room.take(trusting(OLD), "trust")
    assert "no trust list" in room.take(trusting(NEW, version=2, key=OLD), "trust")
    assert room.believes(OLD)
    assert room.take(trusting(NEW, version=2, key=KEY), "trust") == ""


def test_a_trust_list_falls_with_the_folders_key_that_signed_it(room: Room) -> None:
    room.take(trusting(NEW), "trust")
    again = room.restarted(roots=TrustList([OLD.public_key()]))
    assert "trust folder" in again.lists.fault
    assert not again.believes(NEW)


def test_a_list_that_comes_before_the_trust_list_naming_its_signer_is_taken_once_that_is_here(room: Room) -> None:
    assert "not believed" in room.take(revoking("aa" * 8, key=NEW))
    assert room.take(trusting(NEW), "trust") == ""
    assert room.hits(id="aa" * 8) == {ListHit.REVOKED}


def test_a_list_whose_signers_time_has_not_begun_is_taken_when_it_has(room: Room) -> None:
    room.take(trusting(believed(NEW, 1, 9)), "trust")
    assert "not believed" in room.take(revoking("aa" * 8, key=NEW))
    room.lists.tend()
    assert room.hits(id="aa" * 8) == set()
    room.clock.seconds = 3601
    room.lists.trust()
    room.lists.tend()
    assert room.hits(id="aa" * 8) == {ListHit.REVOKED}
    assert room.lists.fault == ""


def test_revocations_outlive_the_key_that_signed_them_and_then_give_way_to_any_version(room: Room) -> None:
    room.take(trusting(OLD), "trust")
    room.take(revoking("aa" * 8, version=999, key=OLD))
    room.take(trusting(NEW, version=2), "trust")
    for now in (room, room.restarted()):
        assert now.hits(id="aa" * 8) == {ListHit.REVOKED}
        assert states(now)["revocations"] is ListState.STALE
    assert room.take(revoking("bb" * 8, version=3, key=NEW)) == ""
    assert room.hits(id="bb" * 8) == {ListHit.REVOKED}


# Versions

SECONDS = int(NOON.timestamp())
YEAR = 366 * 86400


@pytest.mark.parametrize("version", [2**53 - 1, SECONDS + 100 * YEAR, SECONDS + 2 * 86400])
def test_a_version_that_leaps_far_ahead_is_refused_told_and_leaves_room_for_the_next(room: Room, version: int) -> None:
    room.take(revoking("aa" * 8, version=SECONDS))
    told = room.take(revoking("bb" * 8, version=version))
    assert f"revocations: version {version}" in told
    assert room.lists.versions() == {"revocations": SECONDS}
    assert room.take(revoking("cc" * 8, version=SECONDS + 1)) == ""
    assert room.hits(id="cc" * 8) == {ListHit.REVOKED}


@pytest.mark.parametrize("version", [2**53 - 1, SECONDS + 20 * YEAR])
def test_a_station_that_an_earlier_version_let_be_poisoned_takes_the_hubs_next_list(room: Room, version: int) -> None:
    place = place_of(ListName.REVOCATIONS)
    message = revoking("aa" * 8, version=version)
    room.shelf.keep(Stored(read_list(message, place, TRUST.candidates), message))
    poisoned = room.restarted()
    assert f"holds version {version}" in poisoned.lists.fault
    assert poisoned.hits(id="aa" * 8) == {ListHit.REVOKED}  # still better than none
    assert poisoned.take(revoking("bb" * 8, version=SECONDS)) == ""
    assert poisoned.restarted().lists.versions() == {"revocations": SECONDS}


def test_one_wrong_reading_of_the_clock_gives_no_held_list_up(room: Room) -> None:
    room.take(revoking("aa" * 8, version=SECONDS))
    room.clock.seconds = -9 * YEAR
    room.lists.tend()
    assert "older" in room.take(revoking("bb" * 8, version=SECONDS - 10 * YEAR))
    room.clock.seconds += CONFIRMATION_PERIOD_S
    assert room.take(revoking("bb" * 8, version=SECONDS - 10 * YEAR)) == ""  # a day of running says the same


def test_a_list_ahead_of_a_wrong_clock_is_taken_once_the_clock_is_right(room: Room) -> None:
    room.clock.seconds = -9 * YEAR
    assert "beyond the present" in room.take(revoking("aa" * 8, version=SECONDS))
    room.lists.tend()
    assert room.hits(id="aa" * 8) == set()
    room.clock.seconds = 0
    room.lists.tend()
    assert room.hits(id="aa" * 8) == {ListHit.REVOKED}
    assert room.lists.fault == ""


def test_a_clock_that_cannot_be_trusted_keeps_no_valid_list_out(room: Room) -> None:
    room.clock.seconds, room.clock.trusted = -50 * YEAR, False
    assert room.take(revoking("aa" * 8, version=SECONDS)) == ""
    late = {"issued_at": NOON - timedelta(days=7)}  # a hub whose clock went back goes on with one more
    assert room.take(revoking("bb" * 8, version=SECONDS + 1, **late)) == ""
    leaped = SECONDS + 20 * YEAR
    assert "beyond the present" in room.take(revoking("cc" * 8, version=leaped))
    room.clock.seconds, room.clock.trusted = 20 * YEAR, True
    room.lists.tend()
    assert room.lists.versions() == {"revocations": leaped}  # it was the station that was behind


@given(ahead=st.integers(-(2**31), 2**53 - 1 - SECONDS), issued=st.integers(-YEAR, 400 * YEAR), trusted=st.booleans())
def test_no_list_taken_keeps_out_what_the_hub_signs_a_day_later(ahead: int, issued: int, trusted: bool) -> None:
    """Whatever its version and its time: the hub's next list finds its way, at the latest once the clock is right."""
    with TemporaryDirectory() as folder:
        room = Room(Path(folder))
        room.clock.trusted = trusted
        times = {"issued_at": NOON + timedelta(seconds=issued), "expires": NOON + timedelta(seconds=issued + 1)}
        room.take(revoking("aa" * 8, version=max(1, SECONDS + ahead), **times))
        room.clock.trusted = True
        for _ in range(2):
            room.lists.tend()
            room.clock.seconds += CONFIRMATION_PERIOD_S + 1
        room.lists.tend()
        held = room.lists.versions().get("revocations", 0)
        if 0 <= held - SECONDS - room.clock.seconds <= CONFIRMATION_PERIOD_S:
            room.clock.seconds += CONFIRMATION_PERIOD_S + 1  # it may be a hub's that is a little ahead: a day later
        now = SECONDS + int(room.clock.seconds)
        assert room.take(revoking("bb" * 8, version=now)) == ""
        assert room.hits(id="bb" * 8) == {ListHit.REVOKED}


@pytest.mark.parametrize("name", [ListName.REVOCATIONS, ListName.TRUST])
def test_older_lists_are_refused_after_a_restart_also_when_they_have_expired(room: Room, name: ListName) -> None:
    def message(version: int, **changes) -> bytes:
        return revoking("aa" * 8, version=version, **changes) if name != "trust" else trusting(KEY, version=version)

    older, newer = message(SECONDS), message(SECONDS + 1)
    for one in (older, newer):
        assert room.take(one, name) == ""
    for days in (0, 40):  # past its expiry as well
        room.clock.seconds = days * 86400
        again = room.restarted()
        assert f"older than {SECONDS + 1}" in again.take(older, name)
        assert again.lists.versions() == {name: SECONDS + 1}
        again.clock.trusted = False
        assert f"older than {SECONDS + 1}" in again.restarted().take(older, name)
        again.clock.trusted = True


# The list key


@pytest.mark.parametrize("digests", [None, Digests(b"another" + bytes(25))])
def test_a_watchlist_without_its_key_is_said_to_be_unusable_and_hits_nobody(tmp_path: Path, digests) -> None:
    room = Room(tmp_path / "lists", digests=digests)
    fault = room.take(digested(WATCHLIST, DIGESTS.plate("豫G12345")), WATCHLIST)
    assert "list_key" in fault
    room.take(digested(RESIDENTS), RESIDENTS)
    assert states(room) == {"watchlist": ListState.UNUSABLE, "residents": ListState.UNUSABLE}
    assert room.hits() == set()
    assert room.hits(kind=PassKind.RESIDENT, details=ResidentDetails("3", "502")) == set()
    assert room.restarted(digests=DIGESTS).hits() == {ListHit.WATCHED}


# Disk


@pytest.mark.parametrize("harm", [b"", b"{}\n", b"\xff\xfe", b'{"form": 1, "accepted_with": 3}\n{}'])
def test_a_damaged_file_is_told_and_the_station_goes_on_until_the_list_comes_again(room: Room, harm: bytes) -> None:
    genuine = revoking("aa" * 8)
    room.take(genuine)
    (path,) = room.folder.glob("*.list")
    path.write_bytes(harm)
    again = room.restarted()
    assert f"{path} is damaged" in again.lists.fault
    assert again.hits(id="aa" * 8) == set()
    assert again.take(genuine) == ""
    assert again.restarted().hits(id="aa" * 8) == {ListHit.REVOKED}


def test_a_file_whose_content_was_changed_is_damaged(room: Room) -> None:
    room.take(revoking("aa" * 8))
    (path,) = room.folder.glob("*.list")
    first, _, message = path.read_bytes().partition(b"\n")
    path.write_bytes(first + b"\n" + message.replace(b'payload":"ey', b'payload":"fy'))
    assert "is damaged" in room.restarted().lists.fault


def test_no_flipped_bit_on_disk_changes_what_a_list_says_or_stops_the_station(room: Room) -> None:
    room.take(revoking("aa" * 8))
    (path,) = room.folder.glob("*.list")
    chance, whole = random.Random(11), path.read_bytes()
    (place,) = (place for place in room.shelf.places() if room.shelf.load(place))
    genuine = room.shelf.load(place).signed.listing
    damaged = 0
    for _ in range(200):
        path.write_bytes(flipped(whole, chance))
        try:
            assert room.shelf.load(place).signed.listing == genuine
        except ListError:
            damaged += 1
    assert damaged > 150


def test_a_list_that_the_disk_does_not_take_is_used_told_and_written_later(room: Room, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(Shelf, "keep", full)
        assert "No space left" in room.take(revoking("aa" * 8))
        assert room.hits(id="aa" * 8) == {ListHit.REVOKED}
        room.clock.seconds = 11
        room.lists.tend()
        assert "No space left" in room.lists.fault
    room.lists.tend()
    assert "No space left" in room.lists.fault  # not tried again at once
    room.clock.seconds = 22
    room.lists.tend()
    assert room.lists.fault == ""
    assert room.restarted().hits(id="aa" * 8) == {ListHit.REVOKED}


def test_half_a_file_left_by_a_power_cut_is_never_taken_for_a_list(room: Room) -> None:
    room.take(revoking("aa" * 8))
    (path,) = room.folder.glob("*.list")
    draft_of(path).write_bytes(path.read_bytes()[:40])
    again = room.restarted()
    assert again.lists.fault == ""
    assert again.hits(id="aa" * 8) == {ListHit.REVOKED}


def test_lanes_ask_while_lists_are_swapped_and_see_one_list_or_the_other(room: Room) -> None:
    first, second = "aa" * 8, "bb" * 8
    room.take(revoking(first, version=1))
    done, seen = threading.Event(), set()

    def ask() -> None:
        while not done.is_set():
            asked = room.lists._snapshot
            seen.add(tuple(bool(asked.hits(a_pass(id=known))) for known in (first, second)))

    lane = threading.Thread(target=ask)
    lane.start()
    for version in range(2, 60):
        room.take(revoking(second if version % 2 == 0 else first, version=version))
    done.set()
    lane.join()
    assert seen <= {(True, False), (False, True)}


def test_nothing_on_disk_names_a_plate_or_a_household(room: Room) -> None:
    room.take(digested(WATCHLIST, DIGESTS.plate("豫G12345"), DIGESTS.household("翠园3号", "502")), WATCHLIST)
    content = b"".join(path.read_bytes() for path in room.folder.iterdir())
    assert b"G12345" not in content
    assert "翠园".encode() not in content
