// The parking bay: how long each waits, how long an undo is left, and the page anew once somebody comes or goes.

import { setText, t } from "./page.js";
import { durationText, secondsUntil } from "./time.js";

const FIRST_PAINT = 100;
const SETTLES = 1000;
const shown = document.querySelectorAll("[data-waiting] > li").length;
let sending = false;
let anew;

function tick() {
  for (const place of document.querySelectorAll("[data-since]")) setText(place, t("bay.waits", { age: durationText(place.dataset.since) }));
  for (const form of document.querySelectorAll("[data-until]")) {
    const seconds = secondsUntil(form.dataset.until);
    setText(form.querySelector(".countdown"), seconds ? String(seconds) : "");
    form.hidden = seconds === 0;
  }
}

// A second tap finds nothing to send: the first one is under way.
document.addEventListener("submit", (event) => {
  if (sending) event.preventDefault();
  sending = true;
});
addEventListener("pageshow", () => (sending = false));

// The station counts twice a second, so this page may know better for a moment.
document.addEventListener("heard", ({ detail: { topic, view } }) => {
  if (topic !== "station") return;
  clearTimeout(anew);
  if (view.aside !== shown) anew = setTimeout(() => sending || location.replace(location.pathname), SETTLES);
});
setTimeout(tick, FIRST_PAINT);
setInterval(tick, 1000);
