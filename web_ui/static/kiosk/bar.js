// The bar above the lanes: what must always be visible of the station.

import { sound } from "./sound.js";
import { setData, setText, showText, t } from "./page.js";
import { clockText, durationText, secondsUntil, setTimeZone } from "./time.js";

const DISK_LOW_MB = 500;

const element = (id) => document.getElementById(id);
let station = null;
let due = "";

export function showStation(view) {
  const faultIsNew = view.ledger_fault !== "" && !station?.ledger_fault;
  station = view;
  setTimeZone(view.timezone);
  setText(element("station-name"), view.name);
  element("clock-doubt").hidden = view.clock_trusted;
  setData(element("uplink"), "state", view.uplink);
  element("uplink").title = view.uplink_fault;
  showText(element("unacknowledged"), view.unacknowledged ? t("unacknowledged", { n: view.unacknowledged }) : "");
  tell("aside", view.aside, t("bay.count", { n: view.aside }));
  showDisk(view.disk_free_mb);
  showPower(view.faults);
  element("ledger-fault").hidden = view.ledger_fault === "";
  setText(element("ledger-fault-text"), view.ledger_fault);
  if (faultIsNew) sound("fault");
  element("lists").title = view.lists_fault;
  tick();
}

/** How many incidents are open, as the way to them. */
export function showIncidents(view) {
  tell("incidents", view.open.length, t("incidents.open", { n: view.open.length }));
}

/** A way to what waits: words, and on a narrow screen a sign with its number. */
function tell(id, number, words) {
  const way = element(id);
  way.hidden = number === 0;
  way.title = words;
  setData(way, "number", number);
  setText(way.lastElementChild, words);
}

function showDisk(free) {
  const low = free < DISK_LOW_MB;
  const gigabytes = (free / 1024).toFixed(free < 10240 ? 1 : 0);
  showText(element("disk"), low ? t("disk.low", { n: free }) : t("disk.free", { n: gigabytes }));
  element("disk").classList.toggle("warn", low);
}

/** What is wrong with the station itself: the first in two words, and how many more; the page behind says what to do. */
function showPower(faults) {
  const place = element("power");
  const isNew = place.hidden && faults.length > 0;
  const first = faults.length > 0 ? t("brief." + faults[0]) : "";
  showText(place, faults.length > 1 ? `${first} +${faults.length - 1}` : first);
  place.title = faults.map((fault) => t("fault." + fault)).join(" · ");
  if (isNew) sound("fault");
}

/** Disinfection has its time; when it is up, here is the way to say that it was done. */
export function showRounds(view) {
  due = view.due_at;
  tick();
}

/** Once a second: the clock runs, and "how long" grows. */
export function tick() {
  if (!station) return;
  setText(element("clock"), clockText());
  tell("rounds", due === "" || secondsUntil(due) > 0 ? 0 : 1, t("rounds.due_now"));
  showLists(station);
  setText(element("uplink-word"), `${t("uplink." + station.uplink)} ${durationText(station.uplink_since)}`);
}

/** How old the oldest list is, or the first thing that is wrong with them and how many more: the bar is narrow. */
function showLists(view) {
  const wrong = whatIsWrong(view);
  const oldest = view.lists.map((list) => list.issued_at).sort()[0];
  const age = oldest ? t("lists.age", { age: durationText(oldest) }) : t("lists.none");
  setText(element("lists"), wrong.length > 1 ? `${wrong[0]} +${wrong.length - 1}` : (wrong[0] ?? age));
  element("lists").classList.toggle("warn", wrong.length > 0);
}

function whatIsWrong(view) {
  const wrong = view.lists.filter((list) => list.state !== "current").map((list) => {
    return t(`lists.${list.state}`, { name: t(`list.${list.name}`), age: durationText(list.issued_at) });
  });
  if (view.lists_fault && wrong.length === 0) wrong.push(t("lists.refused"));
  return wrong;
}
