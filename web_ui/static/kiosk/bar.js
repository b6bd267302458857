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
  showText(element("aside"), view.aside ? t("bay.count", { n: view.aside }) : "");
  showText(element("disk"), view.disk_free_mb < DISK_LOW_MB ? t("disk.low", { n: view.disk_free_mb }) : "");
  element("ledger-fault").hidden = view.ledger_fault === "";
  setText(element("ledger-fault-text"), view.ledger_fault);
  if (faultIsNew) sound("fault");
  element("lists").title = view.lists_fault;
  tick();
}

/** How many incidents are open, as the way to them. */
export function showIncidents(view) {
  showText(element("incidents"), view.open.length ? t("incidents.open", { n: view.open.length }) : "");
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
  element("rounds").hidden = due === "" || secondsUntil(due) > 0;
  showText(element("lists"), listsText(station));
  setText(element("uplink-word"), `${t("uplink." + station.uplink)} ${durationText(station.uplink_since)}`);
}

/** The first thing that is wrong with the hub's lists, and how many more: the bar is narrow, the title has it all. */
function listsText(view) {
  const wrong = view.lists.filter((list) => list.state !== "current").map((list) => {
    return t(`lists.${list.state}`, { name: t(`list.${list.name}`), age: durationText(list.issued_at) });
  });
  if (view.lists_fault && wrong.length === 0) wrong.push(t("lists.refused"));
  return wrong.length > 1 ? `${wrong[0]} +${wrong.length - 1}` : (wrong[0] ?? "");
}
