// What the page was told when it was made: its language, its texts, what it shows at first.

export const page = JSON.parse(document.getElementById("page").textContent);
const locale = page.language === "zh" ? "zh-CN" : page.language;
const numbers = new Intl.NumberFormat(locale);

export function text(key, values = {}) {
  return page.texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export function write(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

export function number(value) {
  return numbers.format(value);
}

// Write a count; it lights up for a moment when it is another one than before.
export function count(element, value) {
  const before = element.textContent;
  const now = numbers.format(value);
  if (before === now) return;
  element.textContent = now;
  if (before === "" || before === "–") return;
  element.classList.remove("changed");
  // Starting it anew in the next frame lets the browser lay out all changed cells at once.
  requestAnimationFrame(() => element.classList.add("changed"));
}

export function template(id) {
  return document.getElementById(id).content.firstElementChild;
}

// A level by its title in the page's language, a station by its name; either by its id where it has none.
export function nameOf(node) {
  return (isLevel(node) ? node[page.language] || node.path.split("/").pop() : node.name) || node.id;
}

export function isLevel(node) {
  return "path" in node;
}

export function topicOf(node) {
  return isLevel(node) ? `level/${node.path}` : `station/${node.id}`;
}

// The hub writes times in its own time zone: show them as written, with the day only when it is not the page's.
export function clock(written, today) {
  const time = written.slice(11, 19);
  return written.slice(0, 10) === today ? time : `${written.slice(5, 10)} ${time}`;
}
