// Levels are offered while one types: those whose name, title or path begins so.

const offered = document.getElementById("levels");
const atFirst = [...offered.children];
const PAUSE_MS = 150;
let waiting = 0;
let asked = null;

function option(level) {
  const one = document.createElement("option");
  one.value = level.path;
  one.textContent = level.name;
  return one;
}

async function offer(typed) {
  asked?.abort();
  if (!typed) return offered.replaceChildren(...atFirst);
  asked = new AbortController();
  try {
    const answer = await fetch(`${offered.dataset.named}?begins=${encodeURIComponent(typed)}`, { signal: asked.signal });
    if (answer.ok) offered.replaceChildren(...(await answer.json()).levels.map(option));
  } catch (error) {
    // Overtaken by the next letter, or the hub is away: the button asks all the same.
    if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error;
  }
}

for (const field of document.querySelectorAll('input[list="levels"]')) {
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => offer(field.value.trim()), PAUSE_MS);
  });
}
