"""The processes that the demo starts: what they last said is told, for their logs may be gone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from waiting import until

from station.commands import CommandError, processes
from station.commands.processes import Child


@pytest.fixture
def says(tmp_path: Path) -> Iterator[Callable[[str], Child]]:
    """Starts a shell that says something to its log and goes on with what is given."""
    started: list[Child] = []

    def start(then: str) -> Child:
        child = Child("hub", ["sh", "-c", f"echo no certificate >&2; {then}"], tmp_path)
        started.append(child)
        until(lambda: "no certificate" in (tmp_path / "hub.log").read_text(), what="it has said it")
        return child

    yield start
    for child in started:
        child.stop()


def test_one_that_is_not_ready_in_time_is_told_with_its_last_words(
    says: Callable[[str], Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "READY_WITHIN", 0.0)
    child = says("exec sleep 600")
    with pytest.raises(CommandError, match=r"hub was not ready within 0 s; its log says:\nno certificate"):
        child.wait_ready()


def test_one_that_has_ended_is_told_with_its_last_words(says: Callable[[str], Child]) -> None:
    child = says("exit 3")
    child.process.wait()
    with pytest.raises(CommandError, match=r"hub ended with 3:\nno certificate"):
        child.wait_ready()
