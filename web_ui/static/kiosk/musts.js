// The five musts of the passage in view: where the evidence for each comes from, and a tap to vouch for one.

import { setData, setShape, setText, t } from "./page.js";

const AFTER_TAP = 600; // a second tap of a wet glove must not take the tick back

export class Musts {
  /** tick(must, ticked) sends it. */
  constructor(list, tick) {
    this.chips = [...list.querySelectorAll("[data-must]")];
    this.passage = null;
    this.resting = false;
    this.tapped = new Map(); // must -> when it may be tapped again
    for (const chip of this.chips) chip.onclick = () => this.tap(chip, tick);
  }

  show(passage) {
    if (passage?.id !== this.passage?.id) this.tapped.clear();
    this.passage = passage;
    const without = passage?.for_passing ? "missing" : "none";
    for (const chip of this.chips) {
      const source = passage?.musts[chip.dataset.must] ?? without;
      setData(chip, "source", source);
      chip.setAttribute("aria-pressed", String(source === "operator"));
      setShape(chip.querySelector("use"), source === "none" || source === "missing" ? "icon-" + source : "icon-met");
      setText(chip.querySelector(".source"), source === "none" ? "" : t("source." + source));
    }
    this.paint();
  }

  /** While the lane rests, nothing is taken. */
  rest(resting) {
    this.resting = resting;
    this.paint();
  }

  paint() {
    const off = this.resting || !this.passage?.for_passing;
    for (const chip of this.chips) if (chip.disabled !== off) chip.disabled = off;
  }

  tap(chip, tick) {
    const now = performance.now();
    if (now < (this.tapped.get(chip.dataset.must) ?? 0)) return;
    this.tapped.set(chip.dataset.must, now + AFTER_TAP);
    tick(chip.dataset.must, chip.dataset.source !== "operator");
  }
}
