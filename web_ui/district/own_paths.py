"""Where a link may lead on to: a page of ours and nowhere else."""

from urllib.parse import urlsplit


def own_path(text: str) -> str:
    """The path with its query, or nothing if it would lead to another site."""
    if not text.startswith("/") or text.startswith("//") or "\\" in text or not text.isprintable():
        return ""
    parts = urlsplit(text)
    return "" if parts.scheme or parts.netloc else text
