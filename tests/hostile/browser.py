"""HTTP from another address of loopback than the healthy clients'."""

import http.client
import re
import socket
import ssl
from collections.abc import Mapping
from typing import Any

ADDRESS = "127.0.0.2"
TIMEOUT_S = 20.0
_READ_BYTES = 256 * 1024  # an event stream is read up to its first event, all else as far as this


def open_socket(port: int, address: str = ADDRESS) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), TIMEOUT_S, (address, 0))


class Browser:
    """:param pages: where to find a form's token."""

    def __init__(self, port: int, pages: tuple[str, ...], tls: ssl.SSLContext | None = None) -> None:
        self.port, self._pages, self._tls = port, pages, tls
        self._cookie = self.token = ""

    def enter(self) -> None:
        """Be somebody with a session of the application's own pages, if there are any."""
        self._cookie = self.token = ""
        for page in self._pages:
            _, headers, body = self.ask("GET", page, {"Accept": "text/html"})
            self._cookie = (headers.get("Set-Cookie") or "").partition(";")[0]
            if found := re.search(rb'name="token" value="([^"]+)"', body):
                self.token = found[1].decode()
                return

    def send(self, made: Mapping[str, Any]) -> int:
        """What ``fuzzing.routes_target.Requests`` made, as the page itself would send it. :return: the status."""
        headers = {**self._own_headers(), **made["headers"]}
        if "content_type" in made:
            headers["Content-Type"] = made["content_type"]
        path = made["path"] + (f"?{made['query_string']}" if made["query_string"] else "")
        return self.ask(made["method"], path, headers, made.get("data", b""))[0]

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        connection: http.client.HTTPConnection
        if self._tls is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, TIMEOUT_S, (ADDRESS, 0))
        else:
            connection = http.client.HTTPSConnection(
                "127.0.0.1", self.port, timeout=TIMEOUT_S, source_address=(ADDRESS, 0), context=self._tls
            )
        try:
            connection.request(method, path, body or None, dict(headers))
            answer = connection.getresponse()
            stream = answer.headers.get_content_type() == "text/event-stream"
            return answer.status, answer.headers, answer.read1(1024) if stream else answer.read(_READ_BYTES)
        finally:
            connection.close()

    def _own_headers(self) -> dict[str, str]:
        scheme = "https" if self._tls else "http"
        own = {"Sec-Fetch-Site": "same-origin", "Origin": f"{scheme}://127.0.0.1:{self.port}"}
        return own | ({"Cookie": self._cookie} if self._cookie else {})
