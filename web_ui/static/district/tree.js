// The tree as rows of a table. A level's rows are fetched when it is opened, some at a time; only rows on the screen
// are watched, so that the page is as quick with thousands of stations as with ten.

import { levelTags, replace, showAttention, showTotals, stationTags } from "./figures.js";
import { Live } from "./live.js";
import { count, isLevel, nameOf, number, page, template, text, topicOf, write } from "./page.js";

const body = document.getElementById("tree");
const { node: root, children, attention } = page.at_first;
const [ROOT, IN_NEED] = [topicOf(root), `attention/${root.path}`];
const rows = new Map(); // by topic
const onScreen = new Set([ROOT, IN_NEED]);
const live = new Live(show);

const sight = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const { topic } = entry.target.dataset;
    if (entry.isIntersecting) onScreen.add(topic);
    else onScreen.delete(topic);
  }
  live.watch(onScreen);
}, { rootMargin: "100px" });

function show(views) {
  for (const [topic, view] of views) {
    if (topic === IN_NEED) showAttention(view);
    if (topic === ROOT) showTotals(view);
    if (rows.has(topic)) fill(rows.get(topic), view);
  }
}

function fill(row, node) {
  write(row.querySelector("a"), nameOf(node));
  replace(row.querySelector(".tags"), isLevel(node) ? levelTags(node) : stationTags(node));
  for (const cell of row.querySelectorAll("[data-count]")) count(cell, isLevel(node) ? node[cell.dataset.count] : sum(node, cell.dataset.count));
}

function sum(station, name) {
  return station.lanes.reduce((total, lane) => total + lane[name], 0);
}

function add({ path, total, nodes }, depth, before, there = 0) {
  for (const node of nodes) body.insertBefore(rowOf(node, path, depth), before);
  const known = there + nodes.length;
  if (known < total) body.insertBefore(moreRow(path, depth, known, total), before);
}

function rowOf(node, parent, depth) {
  const row = template("tree-row").cloneNode(true);
  const topic = topicOf(node);
  const opener = row.querySelector("button");
  const link = row.querySelector("a");
  Object.assign(row.dataset, { topic, parent, depth });
  if (isLevel(node)) {
    link.href = `/?level=${encodeURIComponent(node.path)}`;
    opener.setAttribute("aria-label", text("tree.open", { name: nameOf(node) }));
    opener.addEventListener("click", () => toggle(row, node.path));
  } else {
    link.href = `/stations/${node.id}`;
    opener.remove();
  }
  fill(row, node);
  rows.set(topic, row);
  sight.observe(row);
  return row;
}

function moreRow(path, depth, known, total) {
  const row = template("more-row").cloneNode(true);
  const button = row.querySelector("button");
  Object.assign(row.dataset, { parent: path, depth });
  write(button, text("tree.more", { count: number(total - known) }));
  button.addEventListener("click", async () => {
    button.disabled = true;
    const next = await fetchChildren(path, known);
    const first = row.previousElementSibling;
    add(next, depth, row, known);
    row.remove();
    first.nextElementSibling?.querySelector("a")?.focus();
  });
  return row;
}

async function toggle(row, path) {
  const opener = row.querySelector("button");
  if (opener.getAttribute("aria-expanded") === "true") {
    opener.setAttribute("aria-expanded", "false");
    return close(row);
  }
  opener.setAttribute("aria-expanded", "true");
  const beneath = await fetchChildren(path, 0);
  if (opener.getAttribute("aria-expanded") === "true" && !isOpen(row)) add(beneath, Number(row.dataset.depth) + 1, row.nextElementSibling);
}

function isOpen(row) {
  return Number(row.nextElementSibling?.dataset.depth) > Number(row.dataset.depth);
}

function close(row) {
  while (isOpen(row)) {
    const gone = row.nextElementSibling;
    sight.unobserve(gone);
    onScreen.delete(gone.dataset.topic);
    rows.delete(gone.dataset.topic);
    gone.remove();
  }
}

async function fetchChildren(path, after) {
  const answer = await fetch(`/tree/children?${new URLSearchParams({ level: path, after })}`);
  if (!answer.ok) return location.reload();
  return answer.json();
}

// Left and right close and open as in every tree; up and down go from one name or opener to the next.
body.addEventListener("keydown", (event) => {
  const row = event.target.closest("tr");
  const opener = row?.querySelector(".opener");
  const is = opener?.getAttribute("aria-expanded");
  if (event.key === "ArrowRight" && is === "false") opener.click();
  else if (event.key === "ArrowLeft" && is === "true") opener.click();
  else if (event.key === "ArrowDown") reach(row.nextElementSibling);
  else if (event.key === "ArrowUp") reach(row.previousElementSibling);
  else return;
  event.preventDefault();
});

function reach(row) {
  row?.querySelector("button, a")?.focus();
}

showTotals(root);
showAttention(attention);
add(children, 0, null);
live.watch(onScreen);
