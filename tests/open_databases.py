"""Closes the ledgers and stores that a test leaves open, as the end of a process would.

From Python 3.13 on a connection to SQLite that nobody closes is a ResourceWarning, and so an error. What the product
itself leaves open is found all the same: tests/commands/test_process_end.py looks at whole processes.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import wraps
from typing import Any, Protocol

import pytest

from station.hub.sqlite import SqliteDatabase
from station.ledger.reader import LedgerReader
from station.ledger.store import Ledger


class Closable(Protocol):
    def close(self) -> None: ...


@pytest.fixture(autouse=True)
def databases_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with ExitStack() as opened:
        for kind in (Ledger, LedgerReader, SqliteDatabase):
            monkeypatch.setattr(kind, "__init__", _noting(kind, opened))
        yield


def _noting(kind: type[Closable], opened: ExitStack) -> Any:
    made = kind.__init__

    @wraps(made)
    def init(self: Closable, *args: Any, **keys: Any) -> None:
        made(self, *args, **keys)
        opened.callback(self.close)

    return init
