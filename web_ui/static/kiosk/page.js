// What the server wrote into the page (language, texts), and the few ways the page is written to.
// Everything from outside goes through textContent: a stranger's code is never markup.

export const page = JSON.parse(document.getElementById("page").textContent);

export function t(key, values = {}) {
  const text = page.catalog[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

export function has(key) {
  return key in page.catalog;
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Show an element with this text; an empty text hides it. */
export function showText(element, text) {
  setText(element, text);
  element.hidden = text === "";
}

export function setData(element, name, value) {
  if (element.dataset[name] !== String(value)) element.dataset[name] = value;
}

export function setShape(use, name) {
  if (use.getAttribute("href") !== `#${name}`) use.setAttribute("href", `#${name}`);
}
