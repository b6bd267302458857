"""What a write-ahead log says that SQLite will not read: frames behind one that is damaged (sqlite.org/walformat.html).

SQLite takes the first frame that does not match its checksum for the end of the log. That is right after a power cut,
where it is the one commit that was under way; where more commits follow, rows that were on disk for good are lost.
"""

import struct
from pathlib import Path

_HEADER, _FRAME_HEADER = 32, 24
_BEGINNING = struct.Struct(">8I")  # magic, version, page size, checkpoint, salts, checksums
_FRAME = struct.Struct(">4I")  # page, pages of the database after a commit or 0, salts
_PAGE_SIZES = tuple(2**power for power in range(9, 17))
_DATABASE_PAGE_SIZE = struct.Struct(">16xH")


def commit_frames(database: Path) -> list[int]:
    """The numbers, from 1, of the frames that end a commit and belong to the log as it was last begun; whether their
    content is sound is for SQLite to say. Empty where there is no log.

    :raises OSError: it cannot be read.
    """
    log = database.with_name(f"{database.name}-wal")
    if not log.is_file() or log.stat().st_size <= _HEADER:
        return []
    with log.open("rb") as file:
        *_, first_salt, second_salt, _, _ = header = _BEGINNING.unpack(file.read(_HEADER))
        size = header[2] if header[2] in _PAGE_SIZES else _page_size(database)
        salts = _salts(file.read(_FRAME.size)) or (first_salt, second_salt)
        found = []
        for number in range(1, (log.stat().st_size - _HEADER) // (_FRAME_HEADER + size) + 1):
            file.seek(_HEADER + (number - 1) * (_FRAME_HEADER + size))
            _, pages, *own = _FRAME.unpack(file.read(_FRAME.size))
            if pages and tuple(own) == salts:
                found.append(number)
    return found


def _salts(frame: bytes) -> tuple[int, ...]:
    """The first frame's: a damaged header has others."""
    return _FRAME.unpack(frame)[2:] if len(frame) == _FRAME.size else ()


def _page_size(database: Path) -> int:
    with database.open("rb") as file:
        beginning = file.read(_DATABASE_PAGE_SIZE.size)
    said = _DATABASE_PAGE_SIZE.unpack(beginning)[0] if len(beginning) == _DATABASE_PAGE_SIZE.size else 0
    size = 65536 if said == 1 else said
    return size if size in _PAGE_SIZES else 4096
