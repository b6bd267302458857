"""The touchscreen at every size: nothing is cut, everything is hit."""

import pytest
from kiosk_screen import CERTIFIED, GRANTED, HARD, SIZES, WITHIN_A_SECOND, Opening, Screen
from playwright.sync_api import expect
from scripted_kiosk import at, clear_passage

pytestmark = [pytest.mark.browser, pytest.mark.clock]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lanes", [1, 2, 3, 4])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_overflows(show: Opening, lanes: int, size: tuple[int, int], language: str) -> None:
    screen = show(lanes, size, language)
    fits(screen, "1", idle=True)
    for scene in (
        {"passage": clear_passage(8), "waiting": 3},
        {"passage": clear_passage(9, **HARD), "faults": ("gate_lost",)},
        {"passage": clear_passage(10, undo_until=at(30), **GRANTED), "faults": ()},
        {"passage": clear_passage(12, **CERTIFIED)},
        {"passage": clear_passage(11, pass_kind="", plate="", text="https://x/" + "y" * 900, reasons=("not_a_pass",))},
    ):
        for lane in screen.station.lanes:
            screen.station.show(lane, **scene)
        fits(screen, lane)
    screen.station.show_station(ledger_fault="[Errno 28] No space left on device", clock_trusted=False, disk_free_mb=12)
    expect(screen.page.locator("#ledger-fault")).to_be_visible(timeout=WITHIN_A_SECOND)
    fits(screen, lane)


def fits(screen: Screen, last: str, idle: bool = False) -> None:
    """The page does not scroll, nothing leaves its card, and nothing a decision depends on is cut."""
    passage = screen.station.lanes[last].passage
    if passage and passage.plate:
        expect(screen.slot("plate", last)).to_be_visible(timeout=WITHIN_A_SECOND)
    expect(screen.lane(last)).to_have_attribute("data-state", "idle" if idle else look_of(screen, last))
    found = screen.page.evaluate(
        """() => {
          const out = [];
          const page = document.scrollingElement;
          if (page.scrollHeight > page.clientHeight || page.scrollWidth > page.clientWidth) out.push("page scrolls");
          for (const part of document.querySelectorAll(".decision, .act, .must, .must *, .actions, .counts")) {
            const [wide, high] = [part.scrollWidth - part.clientWidth, part.scrollHeight - part.clientHeight];
            if (part.clientWidth && (wide > 1 || high > 2)) out.push(`${part.className} is cut`);
          }
          for (const part of document.querySelectorAll(".decision *, .act *")) {
            const [box, panel] = [part, part.closest(".decision, .act")].map((e) => e.getBoundingClientRect());
            const within = box.left >= panel.left && box.right <= panel.right && box.bottom <= panel.bottom;
            if (box.width && !(within && box.top >= panel.top)) out.push(`${part.className || part.tagName} is cut`);
          }
          for (const card of document.querySelectorAll(".card")) {
            const edge = card.getBoundingClientRect();
            for (const part of card.children) {
              const box = part.getBoundingClientRect();
              const leaves = box.bottom > edge.bottom + 1 || box.right > edge.right + 1;
              if (box.height && leaves) out.push(`${part.className} leaves its lane`);
            }
          }
          return out;
        }"""
    )
    assert found == []


def look_of(screen: Screen, lane: str) -> str:
    passage = screen.station.lanes[lane].passage
    assert passage is not None
    return "clear" if passage.proposed != passage.outcome else passage.outcome


@pytest.mark.parametrize("size", [*SIZES, (390, 844)])
def test_every_target_is_big_enough_for_a_glove(show: Opening, size: tuple[int, int]) -> None:
    screen = show(2, size)
    screen.station.show("1", passage=clear_passage(undo_until=at(30), **GRANTED))
    expect(screen.button("undo")).to_be_visible()
    sizes = screen.page.evaluate(
        """() => [...document.querySelectorAll("button, a")].filter((e) => e.offsetParent).map((e) => {
          const box = e.getBoundingClientRect();
          return [e.className, Math.min(box.width, box.height)];
        })"""
    )
    for name, smallest in sizes:
        assert smallest >= (48 if {"small", "must", "condition", "faults"}.intersection(name.split()) else 56), name
