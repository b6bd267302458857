"""A network camera's address as people write it: user and password are not percent-encoded, and hold ``@ # / ?``."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?::\d{1,5})?"
_PLACE = re.compile(rf"(?P<host>{_HOST})(?P<rest>[/?#].*)?")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class CameraUrl:
    """``place`` is host and, if given, port; ``path`` is everything behind it. ``user`` and ``password`` are plain."""

    scheme: str
    user: str
    password: str
    place: str
    path: str

    @property
    def target(self) -> str:
        """What is requested, with the sign-on apart."""
        return f"{self.scheme}://{self.place}{self.path}"

    @property
    def encoded(self) -> str:
        """With the sign-on percent-encoded (RFC 3986 section 3.2.1)."""
        sign_on = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user else ""
        return f"{self.scheme}://{sign_on}{self.place}{self.path}"


def parse_camera_url(url: str, user: str = "", password: str = "") -> CameraUrl:
    """Read an address; where ``user`` is given, no sign-on is looked for in it.

    Without a sign-on the first host stands. Else it ends at the last ``@`` with a host behind it, because a password
    may hold every sign; one that begins with digits and a slash reads like a port and a path, and is believed only
    where what stands behind the ``@`` has a dot or is an IPv6 address. Percent escapes in it are decoded.

    :raises ValueError: no host in it.
    """
    scheme, _, rest = url.partition("://")
    if not user and (found := _split_sign_on(rest)) is not None:
        sign_on, rest = found
        user, _, password = sign_on.partition(":")
        user, password = _decoded(user), _decoded(password)
    place = _PLACE.fullmatch(rest)
    if place is None:
        raise ValueError("no host stands in the address")
    return CameraUrl(scheme, user, password, place["host"], place["rest"] or "")


def _split_sign_on(rest: str) -> tuple[str, str] | None:
    plain = _PLACE.fullmatch(rest)
    for place in range(len(rest) - 1, 0, -1):
        if rest[place] != "@":
            continue
        sign_on, behind = rest[:place], rest[place + 1 :]
        host = _PLACE.fullmatch(behind)
        if host is None or not re.fullmatch(r"[^:/?#]+(:.*)?", sign_on):
            continue
        if plain is None or "." in host["host"] or host["host"].startswith("["):
            return sign_on, behind
    return None


def _decoded(text: str) -> str:
    """Text with percent escapes is taken as encoded; any other percent sign is itself."""
    return unquote(text) if _ESCAPE.search(text) else text
