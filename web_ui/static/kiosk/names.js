// Whom the certificates name: asked for by a tap, fetched for the passage on the screen, and gone after some seconds.

import { send } from "./commands.js";
import { showText } from "./page.js";

const SHOWN_FOR = 10000;

export class Names {
  constructor(lane, place, button, tell) {
    this.lane = lane;
    this.place = place;
    this.button = button;
    this.tell = tell;
    this.passage = null;
    button.onclick = () => this.ask();
  }

  /** The name of a passage goes with it. */
  show(passage) {
    if (passage?.id !== this.passage) this.hide();
    this.passage = passage?.id ?? null;
    this.named = passage?.named ?? false;
    this.paint();
  }

  async ask() {
    const asked = this.passage;
    const answer = await send(this.lane, "name", { passage: asked });
    if (this.passage !== asked) return;
    if (answer.refused) return this.tell(answer.refused);
    showText(this.place, answer.name);
    this.paint();
    this.hiding = setTimeout(() => this.hide(), SHOWN_FOR);
  }

  hide() {
    clearTimeout(this.hiding);
    showText(this.place, "");
    this.paint();
  }

  paint() {
    this.button.hidden = !this.named || !this.place.hidden;
  }
}
