// The wall of the command centre: a level's totals, its stations' states and the worst of them, to be read from afar.

import { showAttention, showTotals } from "./figures.js";
import { Live } from "./live.js";
import { page, topicOf, write } from "./page.js";

const ROOM_FOR = 6;
const { node, attention } = page.at_first;
const [LEVEL, IN_NEED] = [topicOf(node), `attention/${node.path}`];
const time = document.getElementById("clock");

function show(views) {
  if (views.has(LEVEL)) showTotals(views.get(LEVEL));
  if (views.has(IN_NEED)) showAttention(views.get(IN_NEED), ROOM_FOR);
  // The hub's time, not the browser's: one that stands still tells that nothing comes any more.
  if (views.has("clock")) write(time, views.get("clock").at.slice(11, 19));
}

showTotals(node);
showAttention(attention, ROOM_FOR);
new Live(show, { wall: true }).watch(new Set([LEVEL, IN_NEED, "clock"]));
