"""What can be fuzzed, by name. A target's ``check`` raises for a finding, and takes whatever else comes."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

from fuzzing import (
    hub_messages_target,
    packets_target,
    routes_target,
    signed_target,
    station_messages_target,
    supervisor_target,
)
from fuzzing.applications import APPLICATIONS


@dataclass(frozen=True)
class Target:
    """``opened`` gives the check, with whatever it needs until it is done."""

    inputs: SearchStrategy[Any]
    opened: Callable[[], AbstractContextManager[Callable[[Any], None]]]

    @classmethod
    def of(cls, inputs: SearchStrategy[Any], check: Callable[[Any], None]) -> "Target":
        return cls(inputs, lambda: nullcontext(check))

    def run(self, examples: int) -> None:
        """Try so many inputs; the smallest that fails is in what it raises."""
        with self.opened() as check:

            @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
            @given(self.inputs)
            def tried(value: Any) -> None:
                check(value)

            tried()


TARGETS: Mapping[str, Target] = {
    "hub-messages": Target.of(hub_messages_target.inputs, hub_messages_target.check),
    "hub-store": Target(hub_messages_target.inputs, hub_messages_target.store),
    "station-messages": Target.of(station_messages_target.inputs, station_messages_target.check),
    "station-ledger": Target(station_messages_target.inputs, station_messages_target.ledger),
    "signed-lists": Target.of(signed_target.lists, signed_target.check_list),
    "signed-orders": Target.of(signed_target.orders, signed_target.check_order),
    "mqtt-packets": Target.of(packets_target.inputs, packets_target.check),
    "supervisor-requests": Target.of(supervisor_target.inputs, supervisor_target.check),
    **{f"routes-{name}": Target(routes_target.inputs, routes_target.opened(name)) for name in APPLICATIONS},
}
