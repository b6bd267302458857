// Orders of the hub, full-screen over whatever is open. The lanes are one tap away for a minute, then the order is back:
// nobody stands before a barrier and cannot reach its buttons, and nobody forgets the order either.

import { post } from "./commands.js";
import { setData, setText, showText, t } from "./page.js";
import { momentText } from "./time.js";

const SETTLE = 700; // a tap that was meant for a lane must not acknowledge the order that just came over it
const LANES_FIRST = 60000;

export class Orders {
  /** announce() is called when an order comes into view. */
  constructor(announce = () => {}) {
    this.announce = announce;
    this.dialog = document.getElementById("order");
    this.strip = document.getElementById("order-strip");
    this.buttons = { later: document.getElementById("order-later"), acknowledge: document.getElementById("order-acknowledge") };
    this.slots = Object.fromEntries([...this.dialog.querySelectorAll("[data-order]")].map((e) => [e.dataset.order, e]));
    this.waiting = [];
    this.later = new Map(); // order -> when it comes back
    this.told = new Set();
    this.isCut = false;
    this.buttons.acknowledge.onclick = () => this.acknowledge();
    this.buttons.later.onclick = () => this.putOff();
    this.who = document.getElementById("order-who");
    this.strip.onclick = () => this.bringBack();
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault(); // Escape puts it off like the button, and never closes it for good
      if (!this.buttons.later.disabled) this.putOff();
    });
  }

  show(view) {
    this.waiting = view.orders;
    for (const id of this.later.keys()) if (!this.waiting.some((order) => order.id === id)) this.later.delete(id);
    this.paint();
  }

  /** Asked only where several are on duty; the station knows of one by itself. */
  showDuty(view) {
    const select = this.who.querySelector("select");
    const chosen = select.value;
    select.replaceChildren(...view.on.map((one) => new Option(`${one.label} ${one.number}`, one.number)));
    if (view.on.some((one) => one.number === chosen)) select.value = chosen;
    this.who.hidden = view.on.length < 2;
  }

  /** While the station is out of reach that is what the screen says; nothing could be acknowledged. */
  cut(isCut) {
    this.isCut = isCut;
    this.paint();
  }

  /** Once a second: what was put off comes back. */
  tick() {
    for (const [id, until] of this.later) if (performance.now() >= until) this.later.delete(id);
    this.paint();
  }

  get current() {
    return this.waiting.find((order) => !this.later.has(order.id)) ?? null;
  }

  paint() {
    const order = this.isCut ? null : this.current;
    showText(this.strip, this.later.size && !order ? t("orders.strip", { n: this.later.size }) : "");
    if (order === null) return this.close();
    this.fill(order);
    if (this.order !== order.id) this.open(order);
  }

  fill(order) {
    const place = this.waiting.length > 1 ? ` ${this.waiting.indexOf(order) + 1}/${this.waiting.length}` : "";
    setData(this.dialog, "urgency", order.urgency);
    setText(document.getElementById("order-title"), `${t("orders.from_hub")} · ${t("urgency." + order.urgency)}${place}`);
    showText(this.slots.zh, order.zh);
    showText(this.slots.en, order.en);
    const times = { level: order.level, at: momentText(order.issued_at), until: momentText(order.expires) };
    setText(this.slots.about, t("orders.about", times));
  }

  open(order) {
    this.order = order.id;
    showText(this.slots.trouble, "");
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.focus(); // not a button: a key that was meant for a lane does nothing
    this.rest();
    this.announce();
    requestAnimationFrame(() => requestAnimationFrame(() => this.tellShown(order)));
  }

  close() {
    this.order = null;
    if (this.dialog.open) this.dialog.close();
  }

  rest() {
    for (const button of Object.values(this.buttons)) button.disabled = true;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      for (const button of Object.values(this.buttons)) button.disabled = false;
    }, SETTLE);
  }

  async tellShown(order) {
    if (order.shown || this.told.has(order.id) || document.hidden) return;
    this.told.add(order.id);
    if ((await post(`/orders/${order.id}/shown`, {})).refused) this.told.delete(order.id);
  }

  async acknowledge() {
    const { order } = this;
    this.rest();
    const { refused } = await post(`/orders/${order}/acknowledge`, { operator: this.who.querySelector("select").value });
    if (this.order === order) showText(this.slots.trouble, refused ? t(refused) : "");
  }

  putOff() {
    for (const order of this.waiting) this.later.set(order.id, performance.now() + LANES_FIRST);
    this.paint();
  }

  bringBack() {
    this.later.clear();
    this.paint();
  }
}
