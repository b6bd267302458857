"""``lists``: asking the lists about a pass, and what holding them costs, beside a Python set of the same entries."""

import gc
import secrets
import tracemalloc
from collections.abc import Callable, Sequence

from lanes import HandClock
from made import KEY, TRUST, a_pass
from made_lists import DIGESTS, DISTRICT, STATION, a_listing, digested, place_of
from pairing import interleaved, sliced
from plan import Plan
from tables import Table

from station.domain.details import ResidentDetails
from station.domain.passes import Pass, PassKind
from station.lists import Lists
from station.lists.shelf import Shelf
from station.passes.digests import id_entry
from station.passes.entries import ENTRY_BYTES, Entries
from station.passes.signed_lists import ListName, Revocations, read, sign

SLICE = 500
WAYS = STATION_WAY, SET_WAY = "station: sorted entries", "Python set"


def measure(plan: Plan) -> list[Table]:
    entries = Entries(secrets.token_bytes(ENTRY_BYTES) for _ in range(plan.listed))
    message = sign(a_listing(ListName.REVOCATIONS, Revocations(entries)), KEY)
    return [_lookups(plan, entries, message), _memory(message)]


def _lookups(plan: Plan, entries: Entries, message: bytes) -> Table:
    """Half of the passes are on the list."""
    known = list(entries)
    ids = [(known[number % len(known)] if number % 2 else secrets.token_bytes(8)).hex() for number in range(plan.asked)]
    shown = [a_pass(id=pass_id, kind=PassKind.RESIDENT, details=ResidentDetails("3", "502")) for pass_id in ids]
    lists, revoked = _room(plan, message), set(known)

    def ask_all(work: Sequence[Pass]) -> None:
        for item in work:
            lists.hits(item)

    def ask_entries(work: Sequence[Pass]) -> None:
        found = [id_entry(item.id) in entries for item in work]
        if sum(found) != len(work) // 2:
            raise AssertionError("half of the passes are revoked")

    def ask_set(work: Sequence[Pass]) -> None:
        found = [id_entry(item.id) in revoked for item in work]
        if sum(found) != len(work) // 2:
            raise AssertionError("half of the passes are revoked")

    contenders = {"all lists: Lists.hits": ask_all, STATION_WAY: ask_entries, SET_WAY: ask_set}
    laps = interleaved(contenders, sliced(shown, SLICE))
    return Table(
        "lists: microseconds for a pass",
        ("way", "per second", "cpu us"),
        tuple((way, own.per_second, own.cpu_median_ms * 1000) for way, own in laps.items()),
        (
            f"{len(entries):,} revoked passes; Lists.hits asks a watchlist and a residents' list of one entry as well,",
            "whose four digests are made for the pass; the two others are the revocations alone, from the pass's id",
        ),
    )


def _room(plan: Plan, message: bytes) -> Lists:
    lists = Lists(Shelf(plan.folder / "lists", DISTRICT, STATION), TRUST, DIGESTS, HandClock().now)
    lists.receive("all", ListName.REVOCATIONS, message)
    for name in (ListName.WATCHLIST, ListName.RESIDENTS):
        lists.receive("all", name, digested(name, DIGESTS.plate("豫G00000")))
    if lists.fault:
        raise AssertionError(lists.fault)
    return lists


def _memory(message: bytes) -> Table:
    return Table(
        "lists: memory",
        ("way", "entries", "held MB", "most while reading MB"),
        (_held(STATION_WAY, message, lambda entries: entries), _held(SET_WAY, message, set)),
        (f"from a signed list of {len(message):,} bytes, as tracemalloc counts; the message itself is not counted",),
    )


def _held(way: str, message: bytes, keep: Callable[[Entries], "Entries | set[bytes]"]) -> tuple[str, int, float, float]:
    """Read a list, keep what it says one way, and see what that takes."""
    gc.collect()
    tracemalloc.start()
    body = read(message, place_of(ListName.REVOCATIONS), TRUST.candidates).listing.body
    if not isinstance(body, Revocations):
        raise AssertionError("revocations expected")
    kept = keep(body.entries)
    del body
    held, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return way, len(kept), held / 2**20, most / 2**20
