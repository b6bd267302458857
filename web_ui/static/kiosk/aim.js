// The aiming page: asks for measurements and a picture about three times a second, and only while somebody can see it.

import { page, setData, setShape, setText, t } from "./page.js";

const EVERY = 333;
const AGAIN_AFTER = 1000;
const LOST_AFTER = 3000;
const SHAPES = { good: "shape-granted", weak: "shape-held", bad: "shape-denied", none: "shape-idle" };

const element = (id) => document.getElementById(id);
const lane = encodeURIComponent(page.lane);
const [lens, size, distance, picture, outline] = ["lens", "size", "distance", "picture", "outline"].map(element);
let number = 0;
let heard = performance.now();
let timer = null;

function query() {
  if (lens.value === "measured") return new URLSearchParams({ size: size.value, distance: distance.value });
  return new URLSearchParams({ view: lens.value });
}

async function ask() {
  const asked = performance.now();
  try {
    const answer = await fetch(`/aim/${lane}.json?${query()}`, { signal: AbortSignal.timeout(LOST_AFTER) });
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
    heard = performance.now();
    next(Math.max(0, EVERY - (heard - asked)));
  } catch {
    if (performance.now() - heard > LOST_AFTER) showAbsent(t("cut.lost"));
    next(AGAIN_AFTER);
  }
}

function next(wait) {
  clearTimeout(timer);
  timer = setTimeout(() => (document.hidden ? next(AGAIN_AFTER) : ask()), wait);
}

function show({ aim, modules, distances }) {
  if (aim) {
    picture.src = `/lanes/${lane}/picture.jpg?frame=${(number += 1)}`;
    element("absent").hidden = true;
    showOutline(aim);
    showMeasures(aim);
  } else {
    showAbsent(t("aim.no_picture"));
  }
  showDistances(distances);
  setText(element("modules"), t(aim?.code ? "aim.modules" : "aim.modules.usual", { n: modules }));
}

function showAbsent(text) {
  element("absent").hidden = false;
  setText(element("absent"), text);
  outline.firstElementChild.setAttribute("points", "");
  for (const name of ["scale", "sharpness", "light"]) showMeasure(name, "none", "–", "");
  element("advice").replaceChildren();
}

function showOutline({ width, height, code }) {
  outline.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const corners = code ? code.corners : [];
  outline.firstElementChild.setAttribute("points", corners.map((corner) => corner.join(",")).join(" "));
  outline.firstElementChild.setAttribute("stroke-width", width / 160);
}

function showMeasures({ code, light, exposure, advice }) {
  if (code) {
    showMeasure("scale", code.scale, code.px_per_module.toFixed(1), t("aim.still_read", { n: code.limit_at.toFixed(1) }));
    showMeasure("sharpness", code.sharpness, code.edge_px.toFixed(1), t("aim.edge_modules", { n: (code.edge_px / code.px_per_module).toFixed(1) }));
  } else {
    showMeasure("scale", "none", "–", t("aim.no_code"));
    showMeasure("sharpness", "none", "–", t("aim.no_code"));
  }
  const shares = { burnt: percent(exposure.burnt), black: percent(exposure.black) };
  showMeasure("light", light, Math.round(exposure.mean / 2.55), t("aim.shares", shares));
  const wanted = advice.map((one) => t("aim.advice." + one));
  if (element("advice").dataset.shown === wanted.join()) return;
  element("advice").dataset.shown = wanted.join();
  element("advice").replaceChildren(
    ...wanted.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
  );
}

function showMeasure(name, verdict, figure, more) {
  const section = document.querySelector(`[data-measure=${name}]`);
  setData(section, "verdict", verdict);
  setShape(section.querySelector("use"), SHAPES[verdict]);
  setText(section.querySelector("strong"), t("aim.verdict." + verdict));
  setText(section.querySelector("b"), String(figure));
  setText(section.querySelector(".more"), more);
}

function showDistances(distances) {
  for (const row of document.querySelectorAll("[data-row]")) {
    [...row.querySelectorAll("td")].forEach((cell, n) => setText(cell, distances[n] ? metres(distances[n][row.dataset.row]) : "–"));
  }
}

function percent(share) {
  return Math.round(share * 100);
}

function metres(millimetres) {
  const value = millimetres / 1000;
  return `${value.toFixed(value < 10 ? 1 : 0)} m`;
}

lens.onchange = () => {
  for (const label of document.querySelectorAll(".known")) label.hidden = lens.value !== "measured";
};
picture.onload = () => (picture.hidden = false);
document.addEventListener("visibilitychange", () => !document.hidden && next(0));
ask();
