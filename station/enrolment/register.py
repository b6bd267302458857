"""What an authority issued to stations: a line of JSON for each certificate, in a file beside the authority's key.

A line is there before the certificate leaves the machine. So none is out that cannot be revoked.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from station.disk import PRIVATE, write_whole
from station.domain.times import parse_time, utc_text
from station.enrolment.authority import AuthorityError, Revoked

FILE = "issued.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """``serial`` is hexadecimal; ``revoked`` is empty until it is. Times are UTC text."""

    station: str
    serial: str
    issued: str
    not_after: str
    revoked: str = ""

    def good(self, now: datetime) -> bool:
        return not self.revoked and parse_time(self.not_after) > now


class Register:
    """Read whole, written whole: some megabytes for a district. Whoever changes it holds ``authority_folder.alone``."""

    def __init__(self, folder: Path) -> None:
        """:raises AuthorityError: the file is damaged."""
        self._file = folder / FILE
        self.entries: list[Entry] = list(self._read())

    def enrolled(self, now: datetime) -> dict[str, Entry]:
        """Every station with a certificate that lets it in, and the one that does so longest."""
        good = sorted((entry for entry in self.entries if entry.good(now)), key=lambda entry: entry.not_after)
        return {entry.station: entry for entry in good}

    def add(self, entries: Iterable[Entry]) -> None:
        self.entries += entries
        self._write()

    def revoke(self, stations: Collection[str], now: datetime) -> list[Entry]:
        """Every certificate that these were ever given. :return: those that were not revoked before."""
        fresh = [entry for entry in self.entries if entry.station in stations and not entry.revoked]
        serials, at = {entry.serial for entry in fresh}, utc_text(now)
        self.entries = [replace(entry, revoked=at) if entry.serial in serials else entry for entry in self.entries]
        self._write()
        return fresh

    def revoked(self) -> list[Revoked]:
        return [Revoked(int(entry.serial, 16), parse_time(entry.revoked)) for entry in self.entries if entry.revoked]

    def _read(self) -> Iterator[Entry]:
        if not self._file.exists():
            return
        for number, line in enumerate(self._file.read_text(encoding="utf-8").splitlines(), 1):
            try:
                yield Entry(**json.loads(line))
            except (ValueError, TypeError):
                raise AuthorityError(f"{self._file} line {number}: is no entry; put a copy of the file back") from None

    def _write(self) -> None:
        lines = "".join(json.dumps(asdict(entry)) + "\n" for entry in self.entries)
        write_whole(self._file, lines.encode(), PRIVATE)
