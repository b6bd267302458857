// The chart over the table's figures. Each curve has a colour and a dash of its own, and the week before is thinner; the
// table beneath says the same in figures.

import uPlot from "./uplot/uPlot.esm.js";
import { number, page, text } from "./page.js";

const { at, step, series } = page.at_first;
const DASHES = [[], [10, 5], [3, 4], [14, 4, 3, 4], [6, 3], [1, 4], [18, 6], [8, 3, 1, 3]];
const WHOLE = [1, 2, 5].flatMap((first) => [...Array(9).keys()].map((power) => first * 10 ** power)).sort((a, b) => a - b);
const HEIGHT = 360;
const chart = document.getElementById("chart");
const compare = document.getElementById("then");
let drawn = null;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function curveColour(place) {
  return colour(`--curve-${place + 1}`);
}

// Times as the hub says them: no browser's time zone comes in.
function label(place) {
  const time = at[place];
  if (time === undefined) return "";
  if (step === "day") return time.slice(5);
  return time.slice(11, 13) === "00" && at.length > 24 ? time.slice(5, 10) : time.slice(11, 16);
}

function draw() {
  const both = compare.checked ? ["now", "then"] : ["now"];
  const lines = both.flatMap((when) => series.map((one, place) => ({ one, when, place })));
  const line = { stroke: colour("--soft-ink"), grid: { stroke: colour("--line"), width: 1 }, font: "13px sans-serif" };
  const options = {
    width: chart.clientWidth,
    height: HEIGHT,
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(1, most * 1.05)] } },
    legend: { show: false },
    cursor: { points: { show: false } },
    axes: [
      { ...line, values: (_, places) => places.map(label), incrs: [1, 2, 3, 6, 12, 24, 48, 168], space: 64 },
      { ...line, values: (_, counts) => counts.map(number), incrs: WHOLE, size: 76 },
    ],
    series: [{}, ...lines.map(({ one, when, place }) => ({
      label: one.name,
      stroke: curveColour(place),
      width: when === "now" ? 2.5 : 1,
      dash: DASHES[place],
      alpha: when === "now" ? 1 : 0.7,
      points: { show: when === "now" && at.length <= 31, size: 5 },
    }))],
  };
  drawn?.destroy();
  drawn = new uPlot(options, [at.map((_, place) => place), ...lines.map(({ one, when }) => one[when])], chart);
}

function legend() {
  const items = series.map((one, place) => {
    const item = document.createElement("li");
    const sample = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    sample.setAttribute("viewBox", "0 0 40 6");
    sample.setAttribute("aria-hidden", "true");
    const stroke = document.createElementNS("http://www.w3.org/2000/svg", "path");
    stroke.setAttribute("d", "M0 3h40");
    stroke.setAttribute("stroke", curveColour(place));
    stroke.setAttribute("stroke-width", "4");
    stroke.setAttribute("stroke-dasharray", DASHES[place].join(" "));
    sample.append(stroke);
    const [now, then] = [sum(one.now), sum(one.then)];
    item.append(sample, text("curves.sum", { name: one.name, now: number(now), then: number(then) }));
    return item;
  });
  document.getElementById("legend").replaceChildren(...items);
}

function sum(counts) {
  return counts.reduce((total, count) => total + count, 0);
}

function drawAll() {
  draw();
  legend();
}

compare.addEventListener("change", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
new ResizeObserver(() => drawn?.setSize({ width: chart.clientWidth, height: HEIGHT })).observe(chart);
for (const select of document.querySelectorAll("#asked select, #asked [type=date]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}
drawAll();
