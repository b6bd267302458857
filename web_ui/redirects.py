"""Where an answer may lead on to: a page of ours and nowhere else."""

from flask import redirect
from werkzeug.wrappers import Response


def own_path(text: str) -> str:
    r"""The path with its query as it was given, or nothing if a browser would read another site in it.

    Browsers drop tabs and line ends and read ``\`` as ``/``, so that ``/<tab>/evil.example`` and ``/\evil.example``
    name another site as ``//evil.example`` does.
    """
    if not text.startswith("/") or text.startswith("//") or "\\" in text or not text.isprintable():
        return ""
    return text


def see_other(path: str, otherwise: str = "/") -> Response:
    """Lead on to ``path``, a text of the request, where it is one of ours; else to ``otherwise``, which is ours."""
    return redirect(own_path(path) or otherwise, 303)
