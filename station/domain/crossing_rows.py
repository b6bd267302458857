"""Facts of reconciliation as ledger rows, and back.

A row of a fact is no passage: its passages, vehicles and persons are 0. ``evidence`` holds ``account``; of a crossing
``heading``, ``began`` and ``ended`` (monotonic seconds of the row's boot), of what was not seen to cross ``missing``;
and ``passage``, whose crossing it was or whom it followed. The outcome is ``held`` where nothing had been decided.
"""

from collections.abc import Iterable, Iterator
from typing import assert_never

from station.domain.crossings import Absence, Account, Crossing, Decided, Expired, Fact, Heading, decided
from station.domain.decision import Outcome
from station.domain.moment import Moment
from station.domain.passage import UNKNOWN_ORIGIN, Entry, EntryType, Row, TallyKey
from station.domain.passes import TrafficKind
from station.domain.reasons import Reason
from station.domain.situation import LaneKind


def entry_of(fact: Fact, lane: str, kind: LaneKind, now: Moment) -> Entry:
    traffic = TrafficKind.PERSON if kind is LaneKind.PERSON else TrafficKind.CAR
    unmatched = isinstance(fact, Crossing) and fact.account.without_decision
    outcome = Outcome.HELD if unmatched else Outcome.GRANTED
    return Entry(
        type=EntryType.CROSSING,
        at=now,
        key=TallyKey(lane, now.minute, traffic, UNKNOWN_ORIGIN, outcome),
        passages=0,
        vehicles=0,
        persons=0,
        reasons=(),
        evidence=_evidence(fact),
    )


def account_of(entry: Entry) -> Account | None:
    """What a crossing came to; None for what was not seen to cross."""
    written = entry.evidence["account"]
    return None if written in tuple(Absence) else Account(written)


def history_of(rows: Iterable[Row], kind: LaneKind, now: Moment) -> Iterator[Decided | Fact]:
    """What a lane's rows tell, oldest first, in the monotonic seconds of ``now``, also of an earlier boot's rows."""
    for row in rows:
        at = now.monotonic - _age(row.entry.at, now)
        if row.entry.type is EntryType.CROSSING:
            yield _fact(row.entry, at, at - row.entry.at.monotonic)
        elif row.entry.reasons[-1:] != (Reason.CLOCK_CORRECTED,):  # the minute was corrected; nobody decided anew
            yield decided(row.passage, row.entry, kind, at)


def _age(then: Moment, now: Moment) -> float:
    return now.monotonic - then.monotonic if now.boot == then.boot else (now.utc - then.utc).total_seconds()


def _evidence(fact: Fact) -> dict[str, str]:
    match fact:
        case Crossing():
            told = {
                "account": fact.account.value,
                "heading": fact.heading.value,
                "began": f"{fact.began:.3f}",
                "ended": f"{fact.ended:.3f}",
            }
            return told if fact.passage is None else told | {"passage": str(fact.passage)}
        case Expired():
            return {"account": fact.absence.value, "missing": str(fact.missing), "passage": str(fact.passage)}
        case _:
            assert_never(fact)


def _fact(entry: Entry, at: float, shift: float) -> Fact:
    told, account = entry.evidence, account_of(entry)
    if account is None:
        return Expired(int(told["passage"]), int(told["missing"]), Absence(told["account"]), at)
    passage = int(told["passage"]) if "passage" in told else None
    began, ended = (float(told[end]) + shift for end in ("began", "ended"))
    return Crossing(account, passage, began, ended, Heading(told["heading"]))
