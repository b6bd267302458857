"""What a station reads from the hub without a signature, and does to its ledger."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st
from lanes import LaneRig
from made import a_pass
from msgspec import to_builtins

from fuzzing.hub_messages_target import check_bounds
from fuzzing.mutations import mutated_json
from station.ledger import Events, Segments
from station.messages import Ack, MessageError, Sync, decode_ack, decode_sync, encode
from station.outbox.events import EventWindow
from station.outbox.segments import SegmentWindow

EPOCH = 1
STRANGE = f"{'9' * 60}-9f2c"
CORPUS = {
    "ack": [
        encode(Ack(EPOCH, 1, ("9f2c51d0a4be",), ("7-9f2c",))),
        encode(Ack(EPOCH, 2)),
        encode(Ack(EPOCH, 900)),
        encode(Ack(EPOCH, 1, (), ("1-" + "9" * 70,))),
    ],
    "sync": [encode(Sync(EPOCH, 1)), encode(Sync(EPOCH, 3, 12))],
}
_READERS = {"ack": decode_ack, "sync": decode_sync}
inputs = st.sampled_from(sorted(CORPUS)).flatmap(lambda name: st.tuples(st.just(name), mutated_json(CORPUS[name])))


def _read(value: tuple[str, bytes]) -> Ack | Sync | None:
    name, payload = value
    try:
        return _READERS[name](payload)
    except MessageError:
        return None


def check(value: tuple[str, bytes]) -> None:
    message = _read(value)
    if message is not None:
        assert _READERS[value[0]](encode(message)) == message
        check_bounds(to_builtins(message))


@contextmanager
def ledger() -> Iterator[Callable[[tuple[str, bytes]], None]]:
    """Believed of one ledger, one after another; it goes on offering."""
    with TemporaryDirectory() as folder:
        rig = LaneRig(Path(folder))
        for _ in range(3):
            rig.scan(a_pass())
        segments, events = Segments(rig.ledger), Events(rig.ledger)
        window, told = SegmentWindow(segments, gather=0.0), EventWindow(events, lambda _: segments.epoch)
        now = 0.0

        def heed(value: tuple[str, bytes]) -> None:
            nonlocal now
            now += 100.0
            match _read(value):
                case Ack() as ack:
                    told.acknowledged(ack.events)
                    window.acknowledged(replace(ack, epoch=segments.epoch), now)
                case Sync() as sync:
                    if sync.events is not None:
                        told.reopen(sync.events)
                    window.reopen(segments.epoch, sync.segment)
            window.offer(now, lambda _: None)
            told.offer(now, lambda _, __: None)

        try:
            yield heed
        finally:
            segments.close()
            events.close()
            rig.ledger.close()
