// What is wrong at a lane: the first in a few words and how many more, all of it in full on a tap.

import { setData, setText, t } from "./page.js";

const SAID_BY_BANNER = "ledger_unwritable";

export class Faults {
  constructor(slots) {
    this.button = slots.faults;
    this.slots = { first: slots.fault, more: slots["more-faults"], all: slots["all-faults"] };
    this.button.onclick = () => this.open(this.button.getAttribute("aria-expanded") !== "true");
  }

  show(faults) {
    const told = faults.filter((fault) => fault !== SAID_BY_BANNER);
    const all = told.map((fault) => t("fault." + fault)).join(" · ");
    this.button.hidden = told.length === 0;
    setText(this.slots.first, told.length ? t("brief." + told[0]) : "");
    setText(this.slots.more, told.length > 1 ? `+${told.length - 1}` : "");
    setText(this.slots.all, all);
    if (this.button.title !== all) this.button.title = all;
    if (told.length === 0) this.open(false);
  }

  open(isOpen) {
    this.button.setAttribute("aria-expanded", String(isOpen));
    setData(this.button, "open", isOpen);
  }
}
