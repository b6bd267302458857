// A keypad for one field at a time: only the keys that can follow what has been typed are there to tap.

import { t } from "./page.js";

const ERASE = "⌫";
const CLEAR = "✕";

/** A grammar of forms, each a list of the characters allowed at its places. */
export class Grammar {
  constructor(forms) {
    this.forms = forms;
    this.all = new Set(forms.flatMap((form) => form.flatMap((place) => [...place])));
  }

  /** What may come next; empty once nothing may, or nothing fits any more. */
  following(typed) {
    const fitting = this.forms.filter((form) => form.length > typed.length && [...typed].every((c, n) => form[n].includes(c)));
    return new Set(fitting.flatMap((form) => [...form[typed.length]]));
  }

  isWhole(typed) {
    return this.forms.some((form) => form.length === typed.length && [...typed].every((c, n) => form[n].includes(c)));
  }
}

const isHan = (key) => key > "~";

export class Keypad {
  /** changed(field) is told of every tap. */
  constructor(place, changed) {
    this.place = place;
    this.changed = changed;
    place.addEventListener("click", (event) => {
      const key = event.target.closest("button")?.dataset.key;
      if (key) this.tap(key);
    });
  }

  attach(field, grammar) {
    this.field = field;
    this.grammar = grammar;
    this.paint();
  }

  /** First the characters of Chinese, for a plate begins with one; then letters and digits. */
  paint() {
    const typed = this.field.value.toUpperCase();
    const following = this.grammar.following(typed);
    const begins = [...following].some(isHan) && !typed;
    const page = [...this.grammar.all].filter((key) => (begins ? isHan(key) || following.has(key) : !isHan(key) || following.has(key)));
    const keys = page.filter((key, n) => page.indexOf(key) === n);
    const wanted = keys.map((key) => key + following.has(key)).join();
    if (wanted === this.painted) return;
    this.painted = wanted;
    const focused = document.activeElement?.dataset?.key;
    this.place.replaceChildren(...keys.map((key) => button(key, key, following.has(key))), button(ERASE, t("register.erase"), true), button(CLEAR, t("register.clear"), true));
    if (focused) this.place.querySelector(`[data-key="${focused}"]:not(:disabled)`)?.focus();
  }

  tap(key) {
    const { field } = this;
    if (key === ERASE) field.value = [...field.value].slice(0, -1).join("");
    else if (key === CLEAR) field.value = "";
    else field.value += key;
    this.paint();
    this.changed(field);
  }
}

function button(key, name, allowed) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "button key", textContent: key, disabled: !allowed });
  made.dataset.key = key;
  made.setAttribute("aria-label", name);
  return made;
}
