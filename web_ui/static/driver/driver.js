// What makes the page quicker to use. Everything on it works without this file.

function key(words, press) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "key", textContent: words });
  button.addEventListener("click", press);
  return button;
}

// A keypad of what a plate may hold, and the plate as it will be read.
for (const plate of document.querySelectorAll(".plate")) {
  const serial = plate.querySelector("[name=serial]");
  const shown = plate.querySelector(".shown");
  const chosen = (name) => plate.querySelector(`[name=${name}]:checked`)?.value ?? "";
  const show = () => {
    const text = chosen("province") + serial.value.toUpperCase() + chosen("ending");
    shown.textContent = text;
    shown.hidden = text === "";
  };
  const type = (letter) => () => { serial.value = (serial.value + letter).slice(0, 7); show(); };
  const pad = Object.assign(document.createElement("div"), { className: "tiles keys" });
  pad.append(...[...plate.dataset.digits + plate.dataset.letters].map((letter) => key(letter, type(letter))));
  const back = key("⌫", () => { serial.value = serial.value.slice(0, -1); show(); });
  back.setAttribute("aria-label", plate.dataset.back);
  pad.append(back);
  serial.closest("label").after(pad);
  serial.inputMode = "none"; // the phone's own keyboard would cover the keypad
  plate.addEventListener("input", show);
  show();
}

for (const number of document.querySelectorAll(".stepper input")) {
  const step = (by) => () => {
    const most = Number(number.max);
    number.value = Math.min(most, Math.max(1, (Number.parseInt(number.value, 10) || 0) + by));
  };
  const less = key("−", step(-1));
  const more = key("+", step(1));
  less.setAttribute("aria-label", number.dataset.less);
  more.setAttribute("aria-label", number.dataset.more);
  number.before(less);
  number.after(more);
}

// One province open at a time, so that the page stays short.
document.addEventListener("toggle", ({ target }) => {
  if (!target.open || !target.closest(".regions")) return;
  for (const other of target.parentElement.querySelectorAll("details[open]")) if (other !== target) other.open = false;
}, true);

// Further places are picked as the origin is: the same regions, without asking the hub for them again.
for (const more of document.querySelectorAll("[name=more]")) {
  more.addEventListener("click", (event) => {
    event.preventDefault();
    const regions = more.form.querySelector(".regions").cloneNode(true);
    for (const input of regions.querySelectorAll("input")) {
      input.type = "checkbox";
      input.name = more.dataset.name;
      input.checked = false;
    }
    for (const open of regions.querySelectorAll("[open]")) open.open = false;
    more.replaceWith(regions);
  });
}

// A code on the screen keeps the screen on.
async function stayAwake() {
  if (document.visibilityState === "visible") await navigator.wakeLock?.request("screen").catch(() => {});
}
if (document.querySelector(".code")) {
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();
}

// How many declared. Without reception the page stays as it is: the code on it is good.
const live = document.querySelector("[data-refresh]");
if (live) {
  const refresh = async () => {
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    live.replaceChildren(...page.querySelector("[data-refresh]").childNodes);
  };
  setInterval(refresh, Number(live.dataset.refresh) * 1000);
}
