"""What a run came to."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from watchdog import MAX_PING_GAP_S

from hostile.programs import Memory, Program, Usage
from hostile.requests import FAILED
from hostile.totals import Totals

if TYPE_CHECKING:
    from hostile.run import Run

GROWN_SHARE, GROWN_MB = 0.10, 16.0
"""What the median of a process's memory may be more in the last quarter than in the second: the larger of the two."""
WARM_S = 300
"""In a shorter run the second quarter is one of first uses."""
GROWN_DESCRIPTORS, GROWN_THREADS = 24, 12


def judged(
    run: "Run",
    settled: bool,
    totals: Totals,
    gaps: Mapping[str, list[float]],
    codes: Mapping[str, int | None],
    before: Mapping[str, Usage | None],
    after: Mapping[str, Usage | None],
) -> dict[str, Any]:
    """:param gaps: seconds between pings, by program. :param codes: exit codes after SIGTERM.
    :param before: use at rest before the first turn; ``after``: after the last."""
    memory = {name: Memory.of([one.rss_mb for one in usages]) for name, usages in run.monitor.usages.items()}
    tracebacks = {one.name: _tracebacks(one) for one in run.programs}
    missed = sum(gap > MAX_PING_GAP_S for of_one in gaps.values() for gap in of_one)
    wrong = [
        *(f"{name} ended with {code}" for name, code in run.monitor.ended.items()),
        *(f"{name} ended with {code} when told to stop" for name, code in codes.items() if code != 0),
        *([] if settled else ["not everything was acknowledged, or a simulated station's totals differ"]),
        *([] if totals.equal else ["totals differ"]),
        *([f"{missed} pings were missed"] if missed else []),
        *(f"/healthz of the {name} was late {count} times" for name, count in run.monitor.late_health.items()),
        *([f"{run.sent[FAILED]} answers of 500"] if run.sent[FAILED] else []),
        *(f"{count} tracebacks of the {name}" for name, count in tracebacks.items() if count),
        *(f"the {name}'s memory grew" for name, one in memory.items() if run.seconds >= WARM_S and not _flat(one)),
        *(grown for name in after for grown in _grown(name, before[name], after[name])),
    ]
    return {
        "seconds": run.seconds,
        "turns": dict(sorted(run.turns.items())),
        "sent": dict(sorted(run.sent.items())),
        "ended": len(run.monitor.ended),
        "missed_pings": missed,
        "longest_ping_gap_s": {name: round(max(of_one, default=0.0), 1) for name, of_one in gaps.items()},
        "slowest_health_s": {name: round(s, 2) for name, s in run.monitor.slowest_health_s.items()},
        "totals_equal": totals.equal and settled,
        "totals": asdict(totals),
        "rss_mb": {name: asdict(one) for name, one in memory.items()},
        "descriptors": {name: [before[name] and before[name][1], after[name] and after[name][1]] for name in after},
        "threads": {name: [before[name] and before[name][2], after[name] and after[name][2]] for name in after},
        "tracebacks": tracebacks,
        "wrong": wrong,
        "passed": not wrong,
    }


def _flat(memory: Memory) -> bool:
    return memory.last_quarter <= memory.second_quarter + max(GROWN_MB, GROWN_SHARE * memory.second_quarter)


def _grown(name: str, before: Usage | None, after: Usage | None) -> list[str]:
    if before is None or after is None:
        return []
    return [
        f"the {name} has {now - then} more {what} than before"
        for what, then, now, most in (
            ("descriptors", before.descriptors, after.descriptors, GROWN_DESCRIPTORS),
            ("threads", before.threads, after.threads, GROWN_THREADS),
        )
        if now - then > most
    ]


def _tracebacks(program: Program) -> int:
    """In its log; the first one is shown."""
    log = program.log.read_text(errors="replace")
    count = log.count("Traceback (most recent call last)")
    if count:
        at = log.index("Traceback (most recent call last)")
        print(f"TRACEBACK of the {program.name}: {log[max(0, at - 300) : at + 3000]}", flush=True)
    return count
