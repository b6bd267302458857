// The district's totals, and how many stations are in which state.

import { count, text, write, clock } from "./page.js";

const ORDER = ["lost", "stale", "offline", "unknown", "online"];
const totals = document.getElementById("totals");
const states = document.getElementById("states");
const live = document.getElementById("live");
let asOf = "";

export function showTotals(view) {
  asOf = view.at;
  for (const total of totals.children) count(total.querySelector("dd"), view[total.dataset.count]);
  states.replaceChildren(...ORDER.filter((state) => view.states[state]).map((state) => stateTag(state, view.states[state])));
  showLive("on");
}

export function showLive(state) {
  live.dataset.live = state;
  const words = text(state === "on" ? "live.on" : "live.connecting");
  write(live, asOf ? `${words} · ${text("totals.as_of", { time: clock(asOf, today()) })}` : words);
}

export function today() {
  return asOf.slice(0, 10);
}

function stateTag(state, number) {
  const tag = document.createElement("li");
  tag.className = "state";
  tag.dataset.state = state;
  tag.textContent = `${text(`state.${state}`)} ${number}`;
  return tag;
}
