// The lanes as supervisors see them: the kiosk's stream in, painted, and nothing goes out.

import { showIncidents, showRounds, showStation, tick } from "../bar.js";
import { Face } from "../face.js";
import { setData, setText, showText, t } from "../page.js";
import { Stream } from "../stream.js";
import { setStationTime } from "../time.js";

class WatchedLane extends Face {
  show(view) {
    this.paint(view, view.passage);
    if (!view.passage) setText(this.slots.kind, ""); // what to do next is said to the operator
    setData(this.slots.camera, "state", view.camera.state);
    setText(this.slots.camera, [t("camera." + view.camera.state), view.camera.fault].filter(Boolean).join(" · "));
    fill(this.slots.faults, view.faults.map((fault) => t("fault." + fault)));
  }

  paintDecision(decision) {
    super.paintDecision({ ...decision, ask: "" });
  }
}

let available = true;
const lanes = new Map([...document.querySelectorAll(".lane")].map((section) => [section.dataset.lane, new WatchedLane(section)]));

function showDuty(view) {
  const who = view.on.map((one) => `${one.label} ${one.number} · ${t("shift.lanes", { lanes: one.lanes.join(", ") || "–" })}`);
  const duty = document.getElementById("duty");
  setData(duty, "on", view.on.length > 0);
  fill(duty, who.length ? who : [t("shift.nobody")]);
}

function fill(list, texts) {
  list.hidden = texts.length === 0;
  list.replaceChildren(...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
}

function hear(topic, view) {
  if (view.at && (topic === "beat" || topic === "page")) setStationTime(view.at);
  if (topic === "station") showStation(view);
  else if (topic.startsWith("lane/")) lanes.get(topic.slice("lane/".length))?.show(view);
  else if (topic === "incidents") showIncidents(view);
  else if (topic === "duty") showDuty(view);
  else if (topic === "rounds") showRounds(view);
  else if (topic === "page") hearOfPage(view);
  else if (topic === "availability") hearAvailability(view);
}

/** Ended: the page asks to sign in. Evicted: too many look at once, and this one looked first. */
function hearOfPage(view) {
  if (view.ended) location.reload();
  if (!view.evicted) return;
  stream.close();
  cut(true, "cut.evicted");
}

/** The view answers; the station behind it may not. */
function hearAvailability(view) {
  available = view.available;
  cut(false);
}

function cut(isCut, key = "supervisor.cut") {
  showText(document.getElementById("cut-off"), isCut ? t(key) : available ? "" : t("supervisor.unavailable"));
  document.querySelector(".watched").inert = isCut || !available;
}

const stream = new Stream(hear, (isCut) => cut(isCut));
setInterval(tick, 1000);
