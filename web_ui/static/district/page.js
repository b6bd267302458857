// What the page was told when it was made: its language and its texts.

const page = JSON.parse(document.getElementById("page").textContent);
const numbers = new Intl.NumberFormat(page.language === "zh" ? "zh-CN" : page.language);

export function text(key, values = {}) {
  return page.texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export function write(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

// Write a count; it lights up for a moment when it is another one than before.
export function count(element, value) {
  const before = element.textContent;
  const now = numbers.format(value);
  if (before === now) return;
  element.textContent = now;
  if (before === "" || before === "–") return;
  element.classList.remove("changed");
  void element.offsetWidth; // starts the animation anew
  element.classList.add("changed");
}

// The hub writes times in its own time zone: show them as written, with the day only when it is not the page's.
export function clock(written, today) {
  const time = written.slice(11, 19);
  return written.slice(0, 10) === today ? time : `${written.slice(5, 10)} ${time}`;
}
