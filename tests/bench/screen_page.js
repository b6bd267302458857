// What the page of `screen` notes beside doing its work: when a passage was heard of, painted, tapped and sent for.
// A passage goes by its plate. Times are the page's own, performance.now().

(() => {
  const marks = [];
  const noted = new Set();
  const wanted = []; // taps that may come now
  let waiting = null;
  const last = {}; // lane: the plate tapped last

  const note = (what, lane, of, at) => {
    const key = [what, lane, of].join();
    if (noted.has(key)) return false;
    noted.add(key);
    marks.push([what, lane, of, at]);
    return true;
  };

  window.EventSource = class extends EventSource {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", (message) => {
        const at = performance.now();
        const { topic, view } = JSON.parse(message.data);
        if (topic.startsWith("lane/") && view.passage && !view.passage.by_operator) note("heard", view.lane, view.passage.plate, at);
      });
    }
  };

  // The picture is on the glass at the latest when the frame after the next begins.
  const painted = (what, lane, of) => requestAnimationFrame(() => requestAnimationFrame(() => note(what, lane, of, performance.now())));

  const look = (section) => {
    const lane = section.dataset.lane;
    const plate = section.querySelector("[data-slot=plate]").textContent;
    const decision = section.querySelector(".decision").dataset.decision;
    if (!plate) return;
    if (note("decision " + decision, lane, plate, performance.now())) painted(decision === "granted" ? "settled" : "painted", lane, plate);
    const grant = section.querySelector("[data-do=granted]");
    if (!grant.disabled && grant.dataset.wanted === "true" && note("wanted", lane, plate, performance.now())) want(grant);
  };

  const want = (button) => {
    const { x, y, width, height } = button.getBoundingClientRect();
    wanted.push({ x: x + width / 2, y: y + height / 2 });
    waiting?.();
  };

  const tapping = (event, what, at) => {
    const section = event.target.closest(".lane");
    if (!section) return;
    const lane = section.dataset.lane;
    last[lane] = section.querySelector("[data-slot=plate]").textContent;
    note(what, lane, last[lane], at);
  };
  addEventListener("pointerup", (event) => tapping(event, "tapped", event.timeStamp), true);
  addEventListener("click", (event) => tapping(event, "clicked", performance.now()), true);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const lane = /\/lanes\/(\w+)\/decide$/.exec(entry.name)?.[1];
      if (lane) note("sent", lane, last[lane], entry.startTime);
    }
  }).observe({ type: "resource" });
  addEventListener("DOMContentLoaded", () => {
    const parts = { subtree: true, childList: true, characterData: true, attributes: true };
    for (const section of document.querySelectorAll(".lane")) new MutationObserver(() => look(section)).observe(section, parts);
  });

  window.screenBench = {
    marks,
    // How many are granted, and seen to be.
    settled: () => marks.filter(([what]) => what === "settled").length,
    // The next button to be tapped, null when none is for so many milliseconds.
    next: (within) => new Promise((resolve) => {
      const give = () => {
        clearTimeout(timer);
        waiting = null;
        resolve(wanted.shift() ?? null);
      };
      const timer = setTimeout(give, within);
      waiting = give;
      if (wanted.length) give();
    }),
  };
})();
