// One station with its lanes live.

import { Live } from "./live.js";
import { clock, count, number, page, template, text, topicOf, write } from "./page.js";

let shown = page.at_first;
let today = page.today; // the hub's, which is not the browser's everywhere

const state = document.getElementById("state");
const warnings = document.getElementById("warnings");
const lanes = document.getElementById("lanes");

function show(station) {
  state.dataset.state = station.state;
  write(state, text(`state.${station.state}`));
  write(document.getElementById("seen"), station.last_seen ? clock(station.last_seen, today) : text("station.never"));
  write(document.getElementById("backlog"), station.backlog > 0 ? text("station.backlog", { count: number(station.backlog) }) : text("station.synced"));
  write(document.getElementById("software"), station.software || "–");
  showMove(station.moved_at, today);
  showUpdates(station.updates, today);
  showWarnings(station);
  showLanes(station.lanes);
}

function showMove(at, today) {
  const place = document.getElementById("moved");
  place.hidden = !at;
  write(place.querySelector("dd"), at ? clock(at, today) : "");
}

function showUpdates(updates, today) {
  const place = document.getElementById("updates");
  place.hidden = updates.length === 0;
  const lines = updates.toReversed().map((one) => {
    const outcome = page.texts[`station.update.${one.outcome}`] ?? one.outcome; // a newer station has other words
    return `${clock(one.at, today)} ${outcome}: ${one.file}${one.reason && ` (${one.reason})`}`;
  });
  write(place.querySelector("dd"), lines.join("\n"));
}

function showWarnings(station) {
  const said = station.reasons.filter((reason) => reason !== station.state).map((reason) => text(`reason.${reason}`));
  const bad = station.bad.map((one) => `${text("station.bad", { count: number(one.messages) })} ${one.topic}: ${one.last_error}`);
  const aside = station.set_aside.map((one) => `${text("station.set_aside", { count: number(one.messages) })} ${one.topic}: ${one.reason}`);
  const faults = station.faults.map((fault) => page.texts[`fault.${fault}`] ?? fault); // a newer station has other words
  const all = [...said, ...faults, ...aside, ...bad];
  warnings.hidden = all.length === 0;
  if (all.join("\n") === [...warnings.children].map((item) => item.textContent).join("\n")) return;
  warnings.replaceChildren(...all.map((one) => Object.assign(document.createElement("li"), { textContent: one })));
}

function showLanes(views) {
  document.getElementById("no-lane").hidden = views.length > 0;
  while (lanes.children.length < views.length) lanes.append(template("lane").cloneNode(true));
  while (lanes.children.length > views.length) lanes.lastElementChild.remove();
  views.forEach((view, place) => {
    const card = lanes.children[place];
    card.dataset.lane = view.lane;
    write(card.querySelector("h3"), text("station.lane", { lane: view.lane }));
    for (const figure of card.querySelectorAll("[data-count]")) count(figure.querySelector("dd"), view[figure.dataset.count]);
    write(card.querySelector(".last"), view.last_at ? text("station.last_passage", { time: view.last_at.slice(11, 19) }) : "");
  });
}

const topic = topicOf(page.at_first);
show(shown);
new Live((views) => {
  today = views.get("clock")?.at.slice(0, 10) ?? today;
  shown = views.get(topic) ?? shown;
  show(shown);
}).watch(new Set([topic, "clock"]));
