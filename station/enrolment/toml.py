"""The little TOML that a station's configuration takes; the standard library only reads it."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any


def to_toml(tables: Mapping[str, Any]) -> str:
    """Tables of values, and arrays of tables, in the order in which they are."""
    return "".join(_lines(tables))


def _lines(tables: Mapping[str, Any]) -> Iterator[str]:
    for name, table in tables.items():
        many = isinstance(table, list)
        for one in table if many else [table]:
            title = f"[[{name}]]" if many else f"[{name}]"
            yield f"\n{title}\n" + "".join(f"{key} = {_value(value)}\n" for key, value in one.items())


def _value(value: object) -> str:
    """TOML of a value that came from TOML or from a code. A JSON string is a TOML one."""
    match value:
        case dict():
            return "{ " + ", ".join(f"{key} = {_value(item)}" for key, item in value.items()) + " }"
        case list() | tuple():
            return "[" + ", ".join(map(_value, value)) + "]"
        case date():
            return value.isoformat()
        case _:
            return json.dumps(value, ensure_ascii=False)
