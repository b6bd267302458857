"""What the browser tests of the district's pages have in common: a page that complains fails, and so does one that asks
for anything elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

SIZES = [(390, 844), (800, 480), (1280, 800)]
CUT_TEXTS = """
[...document.querySelectorAll("h1, h2, h3, dd, dt, td, th, label, button, .state, .reason, li")]
  .filter((element) => !element.closest(".hidden, svg") && element.clientWidth > 0)
  .filter((element) => element.scrollWidth > element.clientWidth + 1)
  .map((element) => element.textContent.trim().slice(0, 60))
"""
NO_OVERFLOW = "document.documentElement.scrollWidth <= innerWidth"


@contextmanager
def watched_page(browser: Browser, address: str, size: tuple[int, int], scheme: str = "light") -> Iterator[Page]:
    """A page of its own; what the browser complains of, and requests to anywhere else, fail the test."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, base_url=f"http://{address}"
    )
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    elsewhere = [url for url in asked if not url.startswith((f"http://{address}/", "data:"))]
    assert not said, said
    assert not elsewhere, elsewhere


def log_in(page: Page, name: str, password: str) -> None:
    page.goto("/login")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", password)
    page.click("main button.main")
    page.wait_for_url(lambda url: "/login" not in url)
