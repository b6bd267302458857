// The page for those without a code: the keypad, persons in one tap, what is suggested, and one decision.
// Without this script the form works with a keyboard.

import { post } from "./commands.js";
import { Grammar, Keypad } from "./keypad.js";
import { t } from "./page.js";

const DIGITS = "0123456789";
const LOOK_UP_FROM = 2; // characters of a plate
const grammar = JSON.parse(document.getElementById("grammar").textContent);
const form = document.getElementById("register");
const fields = form.elements;
const callers = document.getElementById("callers");
const PLATE = new Grammar(grammar.forms);
const grammars = {
  plate: PLATE,
  id_number: new Grammar([[...Array(17).fill(DIGITS), DIGITS + "X"]]),
  phone: new Grammar([["+" + DIGITS, ...Array(14).fill(DIGITS)]]),
};
let chosen = form.querySelector("[name=origin]:checked") !== null; // by hand: no suggestion takes it back
let asked = "";
let seen = null; // the plate that the lane's camera reads
let sending = false;

const keypad = new Keypad(document.getElementById("keys"), changed);
for (const name of Object.keys(grammars)) {
  const field = fields[name];
  if (!field) continue;
  field.addEventListener("focus", () => keypad.attach(field, grammars[name]));
  field.addEventListener("input", () => {
    keypad.paint();
    changed(field);
  });
}
keypad.attach(fields.plate, PLATE);

function changed(field) {
  if (field !== fields.plate) return;
  suggestOrigin();
  lookUp();
}

/** A vehicle's plate says where it is registered; whoever taps knows better. */
function suggestOrigin() {
  const origin = grammar.suggested[fields.plate.value[0]];
  if (chosen || !origin) return;
  const choice = form.querySelector(`[name=origin][value="${origin}"]`);
  if (choice) choice.checked = true;
}

async function lookUp() {
  const typed = (asked = fields.plate.value.toUpperCase());
  if (typed.length < LOOK_UP_FROM) return offer([]);
  const answer = await post(`${location.pathname}/callers`, { typed });
  if (asked === typed) offer(answer.callers ?? []);
}

/** The camera's reading first, then whoever comes regularly. */
function offer(regular) {
  const read = seen && seen !== fields.plate.value && seen.startsWith(fields.plate.value) ? [seen] : [];
  const buttons = read.map((plate) => offered(t("register.suggested", { plate }), () => fill(plate)));
  for (const caller of regular) {
    if (caller.plate === fields.plate.value) continue;
    buttons.push(offered(t("register.caller", { plate: caller.plate, n: caller.visits }), () => takeOver(caller)));
  }
  callers.replaceChildren(...buttons);
}

function offered(text, take) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "button", textContent: text, onclick: take });
  return made;
}

function fill(plate) {
  fields.plate.value = plate;
  keypad.paint();
  suggestOrigin();
  callers.replaceChildren();
  go("details");
}

function takeOver(caller) {
  check("traffic", caller.traffic);
  if (check("origin", caller.origin)) chosen = true;
  fields.persons.value = caller.persons;
  if (caller.destination && !check("destination", caller.destination)) fields.other_destination.value = caller.destination;
  showZero();
  fill(caller.plate);
}

function check(name, value) {
  const choice = [...form.querySelectorAll(`[name=${name}]`)].find((one) => one.value === value);
  if (choice) choice.checked = true;
  return Boolean(choice);
}

function go(step) {
  form.dataset.step = step;
}

// Persons: one tap for up to nine, two for a bus.

const isBus = () => form.querySelector("[name=traffic]:checked")?.value === "bus";
let fresh = true; // the next figure begins a number

function tapPersons(figure) {
  const before = fields.persons.value;
  const goesOn = isBus() && !fresh && before.length < 2;
  if (!goesOn && figure === "0") return;
  fields.persons.value = goesOn ? before + figure : figure;
  fresh = goesOn;
}

function addPersons(step) {
  const most = Number(fields.persons.max);
  fields.persons.value = Math.min(most, Math.max(1, Number(fields.persons.value) + step));
  fresh = true;
}

function showZero() {
  form.querySelector('[data-persons="0"]').hidden = !isBus();
}

form.addEventListener("click", (event) => {
  const { go: step, add, persons, all } = event.target.closest("button")?.dataset ?? {};
  if (step) go(step);
  if (add) addPersons(Number(add));
  if (persons) tapPersons(persons);
  if (all !== undefined) for (const must of form.querySelectorAll("[name=musts]")) must.checked = true;
});
form.addEventListener("change", (event) => {
  if (event.target.name === "origin") chosen = true;
  if (event.target.name === "traffic") {
    showZero();
    fresh = true;
  }
});

// Enter in the plate goes on to the rest, and decides nothing.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
  event.preventDefault();
  go("details");
  form.querySelector("[name=traffic]:checked")?.focus();
});

// A second tap finds nothing to send: the first one is under way.
form.addEventListener("submit", (event) => {
  if (sending) event.preventDefault();
  sending = true;
});
addEventListener("pageshow", () => (sending = false));

document.addEventListener("heard", ({ detail: { topic, view } }) => {
  if (topic !== `lane/${form.dataset.lane}`) return;
  const read = view.suggestion?.text ?? null;
  if (read === seen) return;
  seen = read;
  lookUp().catch(() => {});
});
showZero();
suggestOrigin();
if (form.querySelector(".wrong")) go(fields.plate.value && !PLATE.isWhole(fields.plate.value) ? "plate" : "details");
