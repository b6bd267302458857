// Digit keys for fields marked data-digits: a touchscreen at the roadside has no keyboard.

const fields = [...document.querySelectorAll("[data-digits]")];
const keys = document.querySelector(".digits");
let field = fields.find((one) => one.value === "") ?? fields[0];

for (const one of fields) one.addEventListener("focus", () => (field = one));
keys.hidden = false;
keys.addEventListener("click", (event) => {
  const key = event.target.closest("[data-digit]");
  if (!key) return;
  const longer = field.value + key.dataset.digit;
  field.value = key.dataset.digit === "" ? field.value.slice(0, -1) : longer.slice(0, field.maxLength);
  field.focus();
});
