// One card for each station, in the order of their ids; it is changed in place, so that nothing jumps.

import { clock, count, text, write } from "./page.js";
import { today } from "./totals.js";

const main = document.getElementById("stations");
const cardTemplate = document.getElementById("station-card").content.firstElementChild;
const rowTemplate = document.getElementById("lane-row").content.firstElementChild;
const cards = new Map();

export function showStation(view) {
  const card = cards.get(view.id) ?? addCard(view.id);
  card.dataset.state = view.state;
  write(card.querySelector("h2"), view.name || view.id);
  const state = card.querySelector(".state");
  state.dataset.state = view.state;
  write(state, text(`state.${view.state}`));
  showFacts(card, view);
  showWarnings(card.querySelector(".warnings"), view);
  showLanes(card, view.lanes);
}

function addCard(id) {
  const card = cardTemplate.cloneNode(true);
  card.dataset.station = id;
  const after = [...cards.keys()].filter((other) => other > id).sort()[0];
  main.insertBefore(card, after === undefined ? null : cards.get(after));
  cards.set(id, card);
  return card;
}

function showFacts(card, view) {
  write(card.querySelector(".place"), view.levels.slice(1).join(" / ") || view.id);
  const seen = view.last_seen ? clock(view.last_seen, today()) : text("station.never");
  write(card.querySelector(".seen"), `${text("station.last_seen")} ${seen}`);
  const backlog = card.querySelector(".backlog");
  backlog.toggleAttribute("data-behind", view.backlog > 0);
  write(backlog, view.backlog > 0 ? text("station.backlog", { count: view.backlog }) : text("station.synced"));
}

function showWarnings(list, view) {
  const unmatched = view.lanes.reduce((sum, lane) => sum + lane.unmatched, 0);
  const warnings = [
    view.clock === "untrusted" && text("station.clock"),
    view.regressed && text("station.regressed"),
    view.bad_messages > 0 && text("station.bad", { count: view.bad_messages }),
    unmatched > 0 && `${text("count.unmatched")} ${unmatched}`,
  ].filter(Boolean);
  list.hidden = warnings.length === 0;
  if (warnings.join("\n") === [...list.children].map((item) => item.textContent).join("\n")) return;
  list.replaceChildren(...warnings.map((warning) => Object.assign(document.createElement("li"), { textContent: warning })));
  list.title = view.bad.map((bad) => `${bad.topic}: ${bad.last_error}`).join("\n");
}

function showLanes(card, lanes) {
  const body = card.querySelector("tbody");
  card.querySelector("table").hidden = lanes.length === 0;
  card.querySelector(".no-lane").hidden = lanes.length > 0;
  while (body.rows.length < lanes.length) body.append(rowTemplate.cloneNode(true));
  while (body.rows.length > lanes.length) body.lastElementChild.remove();
  lanes.forEach((lane, place) => {
    const row = body.rows[place];
    write(row.querySelector("th"), lane.lane);
    for (const cell of row.querySelectorAll("td")) count(cell, lane[cell.dataset.count]);
  });
}
