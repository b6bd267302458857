"""Every route of an application, from its own map of addresses, so that a new one is fuzzed by itself."""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from flask.testing import FlaskClient
from hypothesis import strategies as st
from werkzeug.routing import Rule

from fuzzing.applications import Visited, token_of, visited
from fuzzing.mutations import EXTREMES, mutated_json

WEB_UI = Path(__file__).parents[2] / "web_ui"
MAX_CPU_S = 10.0
"""Of this thread, for one answer."""
SHORTENED = 4000

_FIELD = re.compile(r"""(?:\.get(?:list)?\(|said\(form, |_said\(|line\(form, |args\[|form\[|given\[)"(\w+)\"""")
FIELDS = sorted({name for path in WEB_UI.rglob("*.py") for name in _FIELD.findall(path.read_text("utf-8"))})
"""Every field that a page reads, from the pages themselves."""
WORDS = (
    *("granted", "held", "denied", "undo", "take_up", "close", "test", "identity", "car", "person"),
    *("yes", "lane", "hour", "day", "csv", "xlsx", "json", "pdf", "zh", "en"),
    *("sun", "night", "dark", "notice", "serious", "other", "fever", "elderly", "child", "administrator"),
    *("viewer", "passages", "kind", "outcome", "1", "7", "30", "90", "level/pingyuan", "clock"),
    *("station/north", "attention/pingyuan", "dispatched", "waiting", "open", "more", "0107", "2580", "9", "-1"),
)
HOSTILE = (
    *(str(one)[:SHORTENED] for one in EXTREMES if not isinstance(one, list | dict)),
    *("9" * 4400, "-9223372036854775809", "1e999", "NaN", "Infinity", "٣", "１", " 1", "0x10", "1_0", "%00", "\x1b[2J"),
    *("0001-01-01", "9999-12-31", "0000-00-00", "2026-02-30", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"),
    *("1971-01-01", "2999-12-31", "2999-12-31T23:59:59+00:00", "/%09/evil.example", "//evil.example", "/\\evil.com"),
    *("../../etc/passwd", "' OR 1=1 --", "<script>", "{{7*7}}", "%s%n", "W10", "IiI", "bnVsbA", "=1+1", "桥" * 60),
)
_texts = st.sampled_from(WORDS) | st.sampled_from(HOSTILE) | st.text(max_size=30)
_fields = st.dictionaries(
    st.sampled_from(FIELDS) | st.text(max_size=5), st.lists(_texts, min_size=1, max_size=3), max_size=8
)
_json = mutated_json([b'{"passage": 1, "row": 1, "must": "test", "ticked": true, "outcome": "granted", "typed": "A"}'])


@dataclass(frozen=True)
class Sent:
    """``route`` and the ``parts`` of its address are counted around what there is; ``known`` of them are words that the
    application knows."""

    route: int
    parts: list[tuple[bool, int, str]]
    post: bool
    signed_on: bool
    own_page: bool
    query: dict[str, list[str]]
    form: dict[str, list[str]]
    body: bytes | None
    kind: str
    headers: dict[str, str]


_header_texts = st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20), max_size=30) | st.sampled_from(
    (
        "http://[",
        "null",
        "text/html",
        "*/*",
        "bytes=0-99999999999999999999",
        "gzip;q=x",
        "Bearer x",
        "session=%00",
        "a=b",
    )
)
inputs = st.builds(
    Sent,
    st.integers(0, 999),
    st.lists(st.tuples(st.booleans(), st.integers(0, 99), _texts), min_size=3, max_size=3),
    st.booleans(),
    st.booleans(),
    st.booleans() | st.just(True),
    _fields,
    _fields,
    st.none() | _json | st.binary(max_size=200),
    st.sampled_from(("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x")),
    st.dictionaries(
        st.sampled_from(
            (
                "Origin",
                "Accept",
                "Range",
                "If-None-Match",
                "Accept-Encoding",
                "Accept-Language",
                "Authorization",
                "Cookie",
            )
        ),
        _header_texts,
        max_size=2,
    ),
)


def opened(name: str) -> Callable[[], AbstractContextManager[Callable[[Sent], None]]]:
    @contextmanager
    def of_application() -> Iterator[Callable[[Sent], None]]:
        with visited(name) as application:
            yield _Routes(application).check

    return of_application


class _Routes:
    def __init__(self, application: Visited) -> None:
        self._visited = application
        self._requests = requests_of(application)
        self._enter()

    def _enter(self) -> None:
        self._inside = self._visited.enter()
        self._inside_token = _page_token(self._inside)

    def check(self, sent: Sent) -> None:
        """Answered below 500, within its time, and leading to the same origin."""
        rule = self._requests.rule(sent)
        client = self._inside if sent.signed_on else self._visited.stranger()
        began = time.thread_time()
        status, headers, told = _answer(client, self._request(client, rule, sent))
        took = time.thread_time() - began
        where = f"{rule} {sorted(rule.methods or ())}: {status} {told[:300]!r}"
        assert status < 500, where
        assert took < MAX_CPU_S, f"{where} took {took:.1f} s of the processor"
        assert _origin(headers.get("Location", "/")) == "http://localhost", f"{where} leads to {headers['Location']}"
        assert headers.get("X-Content-Type-Options") == "nosniff", f"{where} has no headers of safety"
        if (rule.endpoint.endswith(("log_out", "sign_out", "change_password", "change"))) or status == 401:
            self._enter()

    def _request(self, client: FlaskClient, rule: Rule, sent: Sent) -> dict[str, Any]:
        made = self._requests.made(rule, sent, lambda: self._inside_token if sent.signed_on else _page_token(client))
        if client.environ_base.get("wsgi.url_scheme") == "https":
            made["base_url"] = "https://localhost"
        return made


class Requests:
    """What ``Sent`` comes to at the routes of an application, whoever sends it."""

    def __init__(self, rules: Iterable[Rule], words: Sequence[str]) -> None:
        self._rules, self._words = sorted(rules, key=str), words

    def rule(self, sent: Sent) -> Rule:
        return self._rules[sent.route % len(self._rules)]

    def made(self, rule: Rule, sent: Sent, token: Callable[[], str]) -> dict[str, Any]:
        """:param token: what a form of the application's own pages sends along.
        :return: the arguments of werkzeug's ``EnvironBuilder``."""
        post = (sent.post and "POST" in (rule.methods or ())) or "GET" not in (rule.methods or ())
        query = {name: values for name, values in sent.query.items() if name != "token"}
        made: dict[str, Any] = {
            "method": "POST" if post else "GET",
            "path": self._path(rule, sent),
            "query_string": _quoted(query),
            "headers": dict(sent.headers),
        }
        if post and sent.own_page:
            made["headers"]["X-CSRF-Token"] = token()
        if post:
            made["data"] = _quoted(sent.form).encode() if sent.body is None else sent.body
            made["content_type"] = "application/x-www-form-urlencoded" if sent.body is None else sent.kind
        return made

    def _path(self, rule: Rule, sent: Sent) -> str:
        """With what fits a whole number where the route asks for one, so that the page is reached."""
        values, words = iter(sent.parts * 2), self._words

        def part(found: re.Match[str]) -> str:
            known, number, text = next(values)
            if "any(" in found[0]:
                offered = found[0].partition("(")[2].partition(")")[0].split(",")
                return offered[number % len(offered)].strip()
            if "int:" in found[0]:
                return str((1, 2**63 - 1, 2**63, 10**400, 0)[number % 5])
            choices = (*words, "csv", "xlsx", "json", "pdf")
            return quote(
                choices[number % len(choices)] if known else text,
                safe="/" if "path:" in found[0] else "",
                errors="replace",
            )

        return re.sub(r"<[^>]+>", part, rule.rule)


def requests_of(application: Visited) -> Requests:
    return Requests(application.stranger().application.url_map.iter_rules(), application.words)


def _page_token(client: FlaskClient) -> str:
    for path in ("/shift", "/login", "/sign-in", "/accounts"):
        if token := token_of(client, path):
            return token
    return ""


def _quoted(fields: Mapping[str, list[str]]) -> str:
    pairs = ((name, value) for name, values in fields.items() for value in values)
    return "&".join(f"{quote(name, errors='replace')}={quote(value, errors='replace')}" for name, value in pairs)


def _answer(client: FlaskClient, request: dict[str, Any]) -> tuple[int, Mapping[str, str], bytes]:
    """An event stream is read up to its first event, everything else to its end."""
    with client.open(buffered=False, **request) as response:
        if response.mimetype == "text/event-stream":
            return response.status_code, response.headers, next(iter(response.response), b"")  # type: ignore[return-value]
        return response.status_code, response.headers, response.get_data()


def _origin(location: str) -> str:
    """Where a browser goes to: it drops tabs and line ends, and reads a backslash as a slash (WHATWG URL)."""
    read = "".join(sign for sign in location if sign not in "\t\r\n").replace("\\", "/")
    parts = urlsplit(urljoin("http://localhost/", read))
    return f"http://{parts.netloc}" if parts.scheme in ("http", "https") else location
