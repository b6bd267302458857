// The one event stream of this page: everything first, then what changes. Says when it is cut off, and comes back.

const CUT_AFTER = 3000; // down this long
const SILENT_AFTER = 6000; // the station speaks every two seconds at the least
const CHECK_EVERY = 500;
const REOPEN_EVERY = 1500;

export class Stream {
  /** hear(topic, view) gets every event, cut(bool) whether the station is out of reach. */
  constructor(hear, cut) {
    this.hear = hear;
    this.cut = cut;
    this.isCut = false;
    this.checking = setInterval(() => this.check(), CHECK_EVERY);
    this.open();
  }

  open() {
    this.opened = this.heard = performance.now();
    this.down = this.down ?? null;
    this.source?.close();
    this.source = new EventSource("/events");
    this.source.onmessage = (message) => this.receive(JSON.parse(message.data));
    this.source.onerror = () => (this.down ??= performance.now());
  }

  receive({ topic, view }) {
    this.heard = performance.now();
    this.down = null;
    this.setCut(false);
    this.hear(topic, view);
  }

  check() {
    const now = performance.now();
    if (now - this.heard > SILENT_AFTER) this.down ??= this.heard;
    if (this.down !== null && now - this.down > CUT_AFTER) this.setCut(true);
    const closed = this.source.readyState === EventSource.CLOSED;
    if ((closed || now - this.heard > SILENT_AFTER) && now - this.opened > REOPEN_EVERY) this.open();
  }

  setCut(isCut) {
    if (isCut === this.isCut) return;
    this.isCut = isCut;
    this.cut(isCut);
  }

  close() {
    clearInterval(this.checking);
    this.source.close();
  }
}
