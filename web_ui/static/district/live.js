// One stream for the page: the nodes on its screen, first as they are, then as they change. What arrives together is
// shown together, and while the page is not looked at nothing is asked for.

import { text, write } from "./page.js";

const CUT_OFF_AFTER_MS = 5000;
const GATHER_MS = 150;
const notice = document.getElementById("cut-off");
const live = document.getElementById("live");

export class Live {
  #topics = new Set();
  #waiting = new Map();
  #stream = null;
  #cutOff = 0;
  #again = 0;
  #onViews;
  #wall;

  // `onViews` takes a Map of topic to view.
  constructor(onViews, { wall = false } = {}) {
    this.#onViews = onViews;
    this.#wall = wall;
    document.addEventListener("visibilitychange", () => this.#connectSoon());
  }

  // Watch these topics from now on and no others.
  watch(topics) {
    if (topics.size === this.#topics.size && [...topics].every((topic) => this.#topics.has(topic))) return;
    this.#topics = new Set(topics);
    this.#connectSoon();
  }

  #connectSoon() {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#connect(), GATHER_MS);
  }

  #connect() {
    this.#stream?.close();
    if (document.hidden || this.#topics.size === 0) return;
    const asked = new URLSearchParams([...this.#topics].map((topic) => ["watch", topic]));
    if (this.#wall) asked.set("wall", "");
    this.#stream = new EventSource(`/events?${asked}`);
    this.#stream.onopen = () => this.#isOn();
    this.#stream.onerror = () => this.#isOff();
    this.#stream.onmessage = (message) => this.#heard(JSON.parse(message.data));
  }

  #heard({ topic, view }) {
    if (topic === "ended") return location.reload(); // to the login
    if (this.#waiting.size === 0) requestAnimationFrame(() => this.#show());
    this.#waiting.set(topic, view);
  }

  #show() {
    const views = new Map(this.#waiting);
    this.#waiting.clear();
    this.#onViews(views);
  }

  #isOn() {
    clearTimeout(this.#cutOff);
    this.#cutOff = 0;
    notice.hidden = true;
    say("on");
  }

  #isOff() {
    say("off");
    this.#cutOff ||= setTimeout(() => { notice.hidden = false; }, CUT_OFF_AFTER_MS);
    // A browser gives up for good when the answer is not a stream; the hub may only be starting.
    const given = this.#stream;
    if (given.readyState !== EventSource.CLOSED) return;
    setTimeout(() => { if (given === this.#stream) location.reload(); }, CUT_OFF_AFTER_MS * 2);
  }
}

function say(state) {
  live.dataset.live = state;
  write(live, text(state === "on" ? "live.on" : "live.connecting"));
}
