"""Fuzzed HTTP at every route of the running applications."""

import http.client
import ssl
from collections import Counter
from collections.abc import Mapping

from fuzzing.applications import visited
from fuzzing.routes_target import Requests, inputs, requests_of

from hostile.browser import Browser
from hostile.drawn import drawn
from hostile.turn import paced

A_SECOND, DRAWN = 60, 400
_PAGES = {"kiosk": ("/shift",), "district": ("/login",), "driver": (), "supervisor": ("/sign-in",)}
FAILED = "answers of 500"
"""Among what was sent; 503 is an answer of a server that has enough to do."""


class HttpRequests:
    name = "http"

    def __init__(self, ports: Mapping[str, int]) -> None:
        """:param ports: by application, as ``fuzzing.applications`` names them."""
        tls = ssl.create_default_context()
        tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
        self._browsers = {
            name: Browser(port, _PAGES[name], tls if name == "supervisor" else None) for name, port in ports.items()
        }
        self._requests: dict[str, Requests] = {}
        for name in ports:
            with visited(name) as application:
                self._requests[name] = requests_of(application)

    def missing(self) -> str:
        return ""

    def play(self, seed: int, seconds: float) -> Counter[str]:
        sent: Counter[str] = Counter()
        names = sorted(self._browsers)
        for browser in self._browsers.values():
            browser.enter()
        for number, one in enumerate(paced(drawn(inputs, seed, DRAWN), A_SECOND, seconds)):
            name = names[number % len(names)]
            browser, requests = self._browsers[name], self._requests[name]
            rule = requests.rule(one)
            made = requests.made(rule, one, lambda browser=browser: browser.token)
            sent[f"http {name}"] += 1
            try:
                status = browser.send(made)
            except (OSError, http.client.HTTPException, ValueError):
                continue  # cut off, or what no client can even send
            if status >= 500 and status != http.HTTPStatus.SERVICE_UNAVAILABLE:
                sent[FAILED] += 1
                print(f"answer {status}: {made['method']} {rule} {made}", flush=True)
            if status in (401, 403):
                browser.enter()
        return sent
