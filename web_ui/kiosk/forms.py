"""What the kiosk's plain forms have in common: they come from our own page, carry an id that was drawn with the page,
so that sent twice is done once, and end in another page or in the same one with the reason."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue

from station.domain.commands import Refused
from web_ui import guard

_ID_BYTES = 8


def posted() -> Mapping[str, str]:
    """The form that was sent, if it stood on a page of ours."""
    guard.require_own_page()
    return request.form


def draw() -> str:
    """An id for one form."""
    return secrets.token_hex(_ID_BYTES)


def drawn(form: Mapping[str, str], name: str, longest: int) -> str:
    """The id that a form came with."""
    found = form.get(name, "")
    if not found.isalnum() or len(found) > longest:
        abort(400, f"{name}: the id that the form came with is missing")
    return found


def line(form: Mapping[str, str], name: str, longest: int) -> str:
    """What was written into a field, as one line no longer than may be said."""
    return " ".join(form.get(name, "").split())[:longest]


def one_of(form: Mapping[str, str], name: str, kind: Any) -> Any:
    """The value of a StrEnum that was chosen; None where none was."""
    given = form.get(name, "")
    return kind(given) if given in tuple(kind) else None


def done(act: Callable[[], object], back: str, again: Callable[[str], str]) -> ResponseReturnValue:
    """Act and go ``back``; what was refused is said on the page that ``again`` makes of the key of its reason."""
    try:
        act()
    except Refused as refused:
        return again(f"refusal.{refused.why}"), 409
    return redirect(back, 303)
