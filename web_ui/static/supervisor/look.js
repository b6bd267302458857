// The page looks again by itself, and says so: what nobody tapped prolongs no session.

const EVERY_S = 60;
const soon = document.querySelector("[data-look-again-s]");

setTimeout(() => location.replace(`${location.pathname}?look`), (soon?.dataset.lookAgainS ?? EVERY_S) * 1000);
