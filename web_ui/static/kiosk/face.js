// What a lane shows to whoever looks at it: its name, the decision with its reasons, the facts, the counts. No buttons.

import { setData, setShape, setText, showText, t } from "./page.js";
import { decisionOf, factsOf } from "./passage.js";

export class Face {
  constructor(section) {
    this.section = section;
    this.slots = Object.fromEntries([...section.querySelectorAll("[data-slot]")].map((e) => [e.dataset.slot, e]));
    this.decision = section.querySelector(".decision");
    this.counts = [...section.querySelectorAll("[data-count]")];
  }

  /** passage: the one in view, which need not be the station's newest. */
  paint(view, passage) {
    const { slots } = this;
    const canSee = ["ok", "opening"].includes(view.camera.state);
    setText(slots.name, view.name);
    setText(slots.traits, [t("lane." + view.kind), t("direction." + view.direction), t("mode." + view.mode)].join(" · "));
    showText(slots.waiting, view.waiting ? t("waiting", { n: view.waiting }) : "");
    showText(slots.unmatched, view.counts.unmatched ? t("unmatched", { n: view.counts.unmatched }) : "");
    this.paintDecision(decisionOf(passage, canSee));
    for (const [name, text] of Object.entries(factsOf(passage, canSee, view.suggestion))) showText(slots[name], text);
    setData(slots.heat, "fever", passage?.reasons.includes("fever") ?? false);
    setText(slots.pace, t("counts.pace", { n: view.pace }));
    for (const count of this.counts) setText(count, String(view.counts[count.dataset.count]));
  }

  paintDecision({ look, word, ask, reasons }) {
    setData(this.section, "state", look);
    setData(this.decision, "decision", look);
    setShape(this.slots.shape, "shape-" + look);
    setText(this.slots.word, word);
    setText(this.slots.ask, ask);
    this.paintReasons(reasons);
  }

  paintReasons(reasons) {
    const list = this.slots.reasons;
    list.hidden = reasons.length === 0;
    const wanted = JSON.stringify(reasons);
    if (this.reasonsShown === wanted) return;
    this.reasonsShown = wanted;
    list.replaceChildren(
      ...reasons.map(({ text, onChips }) => {
        const item = document.createElement("li");
        item.textContent = text;
        if (onChips) item.dataset.onChips = "true";
        return item;
      }),
    );
  }
}
