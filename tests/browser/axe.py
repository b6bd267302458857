"""axe-core's judgement of a page: what it keeps from somebody who does not see it, or sees it badly."""

from pathlib import Path

from playwright.sync_api import Page

_AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text("utf-8")
# 7:1 is asked of all text here, as the stylesheets promise; axe's own rules are asked for 4.5:1 where it is disabled.
_ASK = """
() => axe.run(document, {
  preload: false,
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "wcag2aaa"],
  rules: {"color-contrast-enhanced": {enabled: true}},
})
"""


def complaints(page: Page) -> list[str]:
    """One line for each rule that is broken, with the first element that breaks it. Empty when all is well."""
    page.evaluate(_AXE)
    found = page.evaluate(_ASK)["violations"]
    return [f"{rule['id']}: {rule['help']}: {rule['nodes'][0]['html'][:200]}" for rule in found]
