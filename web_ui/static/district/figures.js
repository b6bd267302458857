// The totals of a level, how many stations are in which state, and what needs attention: on the tree and on the wall.

import { count, nameOf, number, template, text, write } from "./page.js";

const ORDER = ["lost", "stale", "offline", "unknown", "online"];
const totals = document.getElementById("totals");
const states = document.getElementById("states");
const list = document.getElementById("attention");
const total = document.getElementById("attention-total");
const nothing = document.getElementById("nothing");

export function showTotals(level) {
  for (const figure of totals.children) count(figure.querySelector("dd"), level[figure.dataset.count]);
  replace(states, ORDER.filter((state) => level.states[state]).map((state) => tag("state", state, level.states[state])));
}

export function showAttention(view, most = Infinity) {
  const stations = view.stations.slice(0, most);
  nothing.hidden = view.total > 0;
  write(total, view.total === 0 ? "" : text("tree.stations", { count: number(view.total) }));
  while (list.children.length > stations.length) list.lastElementChild.remove();
  while (list.children.length < stations.length) list.append(template("attention-row").cloneNode(true));
  stations.forEach((station, place) => showInNeed(list.children[place], station));
}

function showInNeed(item, station) {
  const [name, place] = [item.querySelector("a, .name"), item.querySelector(".place")];
  if (name.href !== undefined) name.href = `/stations/${station.id}`;
  write(name, nameOf(station));
  if (place) write(place, station.levels.slice(1).join(" / "));
  replace(item.querySelector(".tags"), station.reasons.map((reason) => reasonTag(reason, station)));
}

function reasonTag(reason, station) {
  if (reason === "lost" || reason === "stale") return tag("state", reason);
  const counted = { backlog: station.backlog, bad: station.bad_messages, set_aside: station.set_aside.length };
  counted.unmatched = station.lanes.reduce((sum, lane) => sum + lane.unmatched, 0);
  return tag("reason", reason, counted[reason]);
}

// How many stations of a level are in which state that is worth a word.
export function levelTags(level) {
  const worth = Object.entries(level.attention).map(([reason, stations]) =>
    tag(reason === "lost" || reason === "stale" ? "state" : "reason", reason, stations));
  const online = level.states.online ?? 0;
  const there = element("li", "soft", text("tree.online", { online: number(online), stations: number(level.stations) }));
  return [there, ...worth];
}

export function stationTags(station) {
  const others = station.reasons.filter((reason) => reason !== station.state);
  return [tag("state", station.state), ...others.map((reason) => reasonTag(reason, station))];
}

// Nothing is touched when it says the same as before.
export function replace(items, others) {
  const same = items.children.length === others.length
    && others.every((other, place) => other.textContent === items.children[place].textContent);
  if (!same) items.replaceChildren(...others);
}

function tag(kind, value, stations) {
  const said = text(`${kind}.${value}`);
  const item = element("li", kind === "state" ? "state" : "reason", stations === undefined ? said : `${said} ${number(stations)}`);
  item.dataset[kind] = value;
  return item;
}

function element(name, className, said) {
  return Object.assign(document.createElement(name), { className, textContent: said });
}
