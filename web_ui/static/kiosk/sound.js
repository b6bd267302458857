// A tone for each outcome, made here, each with a word on the screen at the same time. Browsers allow sound only
// after the first touch; until then the button says so.

import { setData, setShape, setText, t } from "./page.js";

// [frequency in Hz, start and length in seconds]
const TONES = {
  clear: { wave: "sine", notes: [[988, 0, 0.1]] },
  granted: { wave: "sine", notes: [[659, 0, 0.12], [988, 0.12, 0.22]] },
  held: { wave: "triangle", notes: [[440, 0, 0.16], [440, 0.24, 0.16]] },
  denied: { wave: "square", notes: [[196, 0, 0.5]] },
  order: { wave: "triangle", notes: [[784, 0, 0.18], [988, 0.2, 0.18], [784, 0.4, 0.3]] },
  fault: { wave: "square", notes: [[880, 0, 0.1], [587, 0.12, 0.1], [880, 0.24, 0.1], [587, 0.36, 0.1]] },
};
const LOUDNESS = { sine: 0.5, triangle: 0.6, square: 0.2 };
const MUTED = "kiosk-muted";

const button = document.getElementById("sound");
let context = null;
let muted = localStorage.getItem(MUTED) === "yes";

/** Sound a tone; ``side`` is -1 for the leftmost lane to 1 for the rightmost. */
export function sound(name, side = 0) {
  if (!button) return; // the supervisors' page has none, and is silent
  button.dataset.last = name;
  if (!context || context.state !== "running" || muted) return;
  const { wave, notes } = TONES[name];
  const panner = new StereoPannerNode(context, { pan: side * 0.7 });
  panner.connect(context.destination);
  for (const [frequency, start, length] of notes) play(wave, frequency, context.currentTime + start, length, panner);
}

function play(wave, frequency, start, length, output) {
  const tone = new OscillatorNode(context, { type: wave, frequency });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setTargetAtTime(LOUDNESS[wave], start, 0.008);
  volume.gain.setTargetAtTime(0, start + length, 0.02);
  tone.connect(volume).connect(output);
  tone.start(start);
  tone.stop(start + length + 0.15);
}

export function startSound() {
  for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, unlock, { once: true, capture: true });
  button.addEventListener("click", () => {
    if (!justUnlocked) setMuted(!muted);
    justUnlocked = false;
  });
  paint();
}

let justUnlocked = false;

function unlock(event) {
  if (context) return;
  justUnlocked = button.contains(event.target);
  if (justUnlocked) muted = false;
  context = new AudioContext();
  context.resume();
  paint();
}

function setMuted(isMuted) {
  muted = isMuted;
  localStorage.setItem(MUTED, muted ? "yes" : "no");
  paint();
  if (!muted) sound("clear");
}

function paint() {
  const state = muted ? "muted" : context ? "on" : "locked";
  setData(button, "state", state);
  setShape(button.querySelector("use"), `icon-sound-${state}`);
  setText(document.getElementById("sound-word"), t("sound." + state));
}
