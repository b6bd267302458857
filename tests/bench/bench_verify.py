"""``verify``: a genuine CP1 text to its verdict beside the bare Ed25519 check of the same signature."""

from collections.abc import Sequence

from bare import signed_part
from made import KEY, TRUST, a_pass
from pairing import interleaved, ratio, sliced
from plan import Plan
from tables import Table

from station import passes
from station.domain.passes import Pass
from station.passes import cp1

SLICE = 50


def measure(plan: Plan) -> list[Table]:
    texts = [cp1.issue(a_pass(), KEY) for _ in range(plan.verifications)]
    signed = {text: signed_part(text) for text in texts}
    public = KEY.public_key()

    def read(work: Sequence[str]) -> None:
        for text in work:
            if not isinstance(passes.read(text.encode(), text, TRUST), Pass):
                raise AssertionError("a genuine pass was rejected")

    def bare(work: Sequence[str]) -> None:
        for text in work:
            public.verify(*signed[text])

    laps = interleaved({"passes.read": read, "bare Ed25519": bare}, sliced(texts, SLICE))
    peer = laps["bare Ed25519"]
    rows = tuple(
        (name, own.per_second, own.cpu_median_ms * 1000, ratio(peer.cpu, own.cpu), ratio(peer.wall, own.wall))
        for name, own in laps.items()
    )
    length = sum(map(len, texts)) / len(texts)
    return [
        Table(
            "verify: pass text to verdict",
            ("way", "per second", "cpu us", "throughput / bare (cpu)", "throughput / bare (wall)"),
            rows,
            (f"{len(texts):,} usual declarations, every one different, of {length:.0f} characters",),
        )
    ]
