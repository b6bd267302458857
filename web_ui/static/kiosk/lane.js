// One lane on the screen: what the station says of it (face.js), and what the operator taps.

import { send } from "./commands.js";
import { Face } from "./face.js";
import { Faults } from "./faults.js";
import { Musts } from "./musts.js";
import { Names } from "./names.js";
import { decisionOf, isProposal, isSettled } from "./passage.js";
import { Picture } from "./picture.js";
import { setData, setText, showText, t } from "./page.js";
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
    this.face = new Face(section);
    this.slots = this.face.slots;
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
    const { view, passage } = this;
    this.face.paint(view, passage);
    this.names.show(passage);
    this.musts.show(passage);
    this.faults.show(view.faults);
    this.paintButtons();
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
