// One lane on the screen: paints what the station says of it and sends what the operator taps.

import { send } from "./commands.js";
import { Faults } from "./faults.js";
import { Musts } from "./musts.js";
import { Names } from "./names.js";
import { decisionOf, factsOf, isProposal, isSettled } from "./passage.js";
import { Picture } from "./picture.js";
import { setData, setShape, setText, showText, t } from "./page.js";
import { sound } from "./sound.js";
import { secondsUntil } from "./time.js";

const SETTLE = 350; // a tap that was meant for the passage before must not hit the one that just came
const AFTER_COMMAND = 600; // a second tap of a wet glove
const TROUBLE_STAYS = 8000;
const OUTCOMES = ["granted", "held", "denied"];

export class Lane {
  /** side: where the lane stands on the screen, -1 to 1, for the sound. */
  constructor(section, side) {
    this.id = section.dataset.lane;
    this.section = section;
    this.side = side;
    this.slots = Object.fromEntries([...section.querySelectorAll("[data-slot]")].map((e) => [e.dataset.slot, e]));
    this.buttons = Object.fromEntries([...section.querySelectorAll("[data-do]")].map((e) => [e.dataset.do, e]));
    this.picture = new Picture(section, this.id);
    this.names = new Names(this.id, this.slots.names, this.buttons.name, (refusal) => this.tell(refusal));
    this.faults = new Faults(this.slots);
    this.musts = new Musts(this.slots.musts, (must, ticked) => this.tick(must, ticked));
    this.view = null;
    this.away = null; // the passage the operator has put out of view
    this.underWay = false;
    this.quietUntil = 0;
    for (const outcome of OUTCOMES) this.buttons[outcome].onclick = () => this.decide(outcome);
    this.buttons.undo.onclick = () => this.command("undo", this.named());
    this.buttons.aside.onclick = () => this.command("aside", this.named());
    this.buttons.next.onclick = () => this.putAway();
  }

  get passage() {
    const passage = this.view?.passage ?? null;
    return passage && passage.id === this.away ? null : passage;
  }

  get canSee() {
    return ["ok", "opening"].includes(this.view.camera.state);
  }

  show(view) {
    const before = this.view && { look: decisionOf(this.passage).look, id: this.passage?.id, row: this.passage?.row };
    const cameraWas = this.view?.camera.state;
    this.view = view;
    this.picture.show(view.camera, view.code);
    this.paint();
    const passage = this.passage;
    if (before && passage?.id !== before.id) this.keepQuiet(SETTLE);
    if (before && passage && (passage.id !== before.id || passage.row !== before.row)) this.announce(passage);
    if (cameraWas && cameraWas !== view.camera.state && view.camera.state === "lost") sound("fault", this.side);
  }

  announce(passage) {
    this.tell("");
    sound(decisionOf(passage).look, this.side);
  }

  paint() {
    const { view, passage, slots } = this;
    setText(slots.name, view.name);
    setText(slots.traits, [t("lane." + view.kind), t("direction." + view.direction), t("mode." + view.mode)].join(" · "));
    showText(slots.waiting, view.waiting ? t("waiting", { n: view.waiting }) : "");
    showText(slots.unmatched, view.counts.unmatched ? t("unmatched", { n: view.counts.unmatched }) : "");
    this.paintDecision(passage);
    this.paintFacts(passage);
    this.names.show(passage);
    this.musts.show(passage);
    this.faults.show(view.faults);
    setText(slots.pace, t("counts.pace", { n: view.pace }));
    this.paintButtons();
    for (const count of this.section.querySelectorAll("[data-count]")) setText(count, String(view.counts[count.dataset.count]));
  }

  paintDecision(passage) {
    const { look, word, ask, reasons } = decisionOf(passage, this.canSee);
    setData(this.section, "state", look);
    setData(this.section.querySelector(".decision"), "decision", look);
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

  paintFacts(passage) {
    const facts = factsOf(passage, this.canSee, this.view.suggestion);
    for (const [name, text] of Object.entries(facts)) showText(this.slots[name], text);
    setData(this.slots.heat, "fever", passage?.reasons.includes("fever") ?? false);
  }

  /** Also called every second, for the countdown. */
  paintButtons() {
    const { passage, buttons } = this;
    const quiet = !this.view || this.underWay || performance.now() < this.quietUntil;
    for (const outcome of OUTCOMES) {
      const done = passage && passage.outcome === outcome && (passage.by_operator || outcome === "granted");
      buttons[outcome].disabled = quiet || Boolean(done);
      setData(buttons[outcome], "wanted", Boolean(passage && isProposal(passage) && passage.proposed === outcome));
      setData(buttons[outcome], "byHand", !passage);
      setText(this.slots[outcome], t(passage ? "action." + outcome : "action." + outcome + ".without_code"));
    }
    const seconds = passage ? secondsUntil(passage.undo_until) : 0;
    buttons.undo.hidden = seconds === 0;
    buttons.undo.disabled = quiet;
    setText(this.slots.countdown, seconds ? String(seconds) : "");
    const held = passage?.outcome === "held";
    buttons.aside.hidden = !held || !passage.written;
    buttons.aside.disabled = quiet;
    buttons.next.hidden = !passage || held || !isSettled(passage);
    buttons.next.disabled = quiet;
    this.slots.enter.hidden = Boolean(passage);
    this.musts.rest(quiet);
  }

  named() {
    return this.passage ? { passage: this.passage.id, row: this.passage.row } : { passage: null, row: null };
  }

  decide(outcome) {
    return this.command("decide", { outcome, ...this.named() });
  }

  tick(must, ticked) {
    return this.command("tick", { ...this.named(), must, ticked }, 0);
  }

  /** One command at a time; the row says what the operator saw, so a late tap is refused and not carried out. */
  async command(what, asked, quiet = AFTER_COMMAND) {
    if (this.underWay || performance.now() < this.quietUntil) return;
    this.underWay = true;
    this.paintButtons();
    const answer = await send(this.id, what, asked);
    this.underWay = false;
    this.keepQuiet(quiet);
    if (answer.passage) this.show({ ...this.view, passage: what === "aside" ? null : answer.passage });
    else this.tell(answer.refused);
  }

  putAway() {
    this.away = this.view.passage.id;
    this.keepQuiet(SETTLE);
    this.paint();
  }

  tell(refusal) {
    clearTimeout(this.telling);
    showText(this.slots.trouble, refusal && t(refusal));
    if (!refusal) return;
    sound("fault", this.side);
    this.telling = setTimeout(() => this.tell(""), TROUBLE_STAYS);
  }

  keepQuiet(milliseconds) {
    this.quietUntil = Math.max(this.quietUntil, performance.now() + milliseconds);
    this.paintButtons();
    setTimeout(() => this.paintButtons(), milliseconds + 5);
  }
}
