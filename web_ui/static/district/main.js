// One stream for the page: first everything, then what changes. What arrives together is shown together.

import { text, write } from "./page.js";
import { showLive, showTotals } from "./totals.js";
import { showStation } from "./station.js";

const CUT_OFF_AFTER_MS = 5000;
const notice = document.getElementById("cut-off");
const noStation = document.getElementById("no-station");
const waiting = new Map();
let cutOff = 0;

const stream = new EventSource("/events");
stream.onopen = () => {
  clearTimeout(cutOff);
  cutOff = 0;
  notice.hidden = true;
};
stream.onerror = () => {
  showLive("off");
  cutOff ||= setTimeout(() => { notice.hidden = false; }, CUT_OFF_AFTER_MS);
  // A browser gives up for good when the answer is not a stream; the hub may only be starting.
  if (stream.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), CUT_OFF_AFTER_MS * 2);
};
stream.onmessage = (message) => {
  const { topic, view } = JSON.parse(message.data);
  if (waiting.size === 0) requestAnimationFrame(show);
  waiting.set(topic, view);
};

function show() {
  const totals = waiting.get("totals");
  if (totals) {
    showTotals(totals);
    noStation.hidden = totals.stations > 0;
    if (totals.stations === 0) write(noStation, text("station.none"));
  }
  for (const [topic, view] of waiting) if (topic.startsWith("station/")) showStation(view);
  waiting.clear();
}
