// The kiosk page: one stream in, lanes and bar painted from it.

import { showIncidents, showRounds, showStation, tick } from "./bar.js";
import { setToken } from "./commands.js";
import { showDuty } from "./duty.js";
import { Lane } from "./lane.js";
import { Orders } from "./orders.js";
import { setText, t } from "./page.js";
import { sound, startSound } from "./sound.js";
import { Stream } from "./stream.js";
import { setStationTime } from "./time.js";

const sections = [...document.querySelectorAll(".lane")];
const lanes = new Map(
  sections.map((section, n) => [section.dataset.lane, new Lane(section, sections.length < 2 ? 0 : (2 * n) / (sections.length - 1) - 1)]),
);
const orders = new Orders(() => sound("order"));
const overlay = document.getElementById("cut-off");
const takeOver = document.getElementById("take-over");
let version = null;

function hear(topic, view) {
  if (view.at && (topic === "beat" || topic === "page")) setStationTime(view.at);
  if (topic === "station") showStation(view);
  else if (topic.startsWith("lane/")) lanes.get(topic.slice("lane/".length))?.show(view);
  else if (topic === "page") hearOfPage(view);
  else if (topic === "orders") orders.show(view);
  else if (topic === "incidents") showIncidents(view);
  else if (topic === "duty") {
    showDuty(view);
    orders.showDuty(view);
  }
  else if (topic === "rounds") showRounds(view);
}

function hearOfPage(view) {
  setToken(view.token);
  if (version !== null && version !== view.version) location.reload();
  version = view.version;
  if (view.evicted) {
    stream.close();
    cover(true, "cut.evicted");
  }
}

function cover(covered, key) {
  if (covered === !overlay.hidden) return;
  overlay.hidden = !covered;
  document.getElementById("lanes").inert = covered;
  if (!covered) return;
  setText(document.getElementById("cut-off-title"), t(key));
  setText(document.getElementById("cut-off-what"), t(key + ".what"));
  takeOver.hidden = key !== "cut.evicted";
  sound("fault");
}

takeOver.onclick = () => location.reload();
startSound();
const stream = new Stream(hear, (isCut) => {
  for (const lane of lanes.values()) if (isCut) lane.picture.run(false);
  orders.cut(isCut);
  cover(isCut, "cut.lost");
});
setInterval(() => {
  tick();
  orders.tick();
  for (const lane of lanes.values()) lane.paintButtons();
}, 1000);
