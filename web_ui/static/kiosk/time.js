// The station's time, not the browser's: its clock decides how long an undo is possible, and its zone is shown.

import { page, t } from "./page.js";

let ahead = 0;
let zone, clock, hour, day;
setTimeZone("UTC");

function formatter(timeZone, parts) {
  return new Intl.DateTimeFormat(page.language === "zh" ? "zh-CN" : "en-GB", { timeZone, hourCycle: "h23", ...parts });
}

/** ``at`` is the station's clock at this moment. */
export function setStationTime(at) {
  ahead = Date.parse(at) - Date.now();
}

export function setTimeZone(timeZone) {
  if (zone === timeZone) return;
  zone = timeZone;
  clock = formatter(timeZone, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  hour = formatter(timeZone, { hour: "2-digit", minute: "2-digit" });
  day = formatter(timeZone, { year: "numeric", month: "2-digit", day: "2-digit" });
}

export function now() {
  return Date.now() + ahead;
}

export function clockText() {
  return clock.format(now());
}

/** A moment as short as it can be said: the hour today, else the day with it. */
export function momentText(at) {
  const moment = Date.parse(at);
  if (Number.isNaN(moment)) return at;
  return day.format(moment) === day.format(now()) ? hour.format(moment) : `${day.format(moment)} ${hour.format(moment)}`;
}

export function secondsUntil(at) {
  return at ? Math.max(0, Math.ceil((Date.parse(at) - now()) / 1000)) : 0;
}

export function durationText(since) {
  const seconds = Math.max(0, Math.floor((now() - Date.parse(since)) / 1000));
  if (Number.isNaN(seconds)) return "";
  if (seconds < 60) return t("duration.seconds", { n: seconds });
  if (seconds < 3600) return t("duration.minutes", { n: Math.floor(seconds / 60) });
  if (seconds < 48 * 3600) return t("duration.hours", { n: Math.floor(seconds / 3600) });
  return t("duration.days", { n: Math.floor(seconds / 86400) });
}
