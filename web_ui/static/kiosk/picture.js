// A lane's live picture: the next one is asked for only after the last has come, so a slow link never piles up.
// Over it the outline of the code that was read, and a word when the camera is not there.

import { setData, setText, showText, t } from "./page.js";

const PICTURE_EVERY = 220;
const AGAIN_AFTER = 1000;
const OUTLINE_STAYS = 1000;
const OLD_FROM = 1000;

export class Picture {
  constructor(section, lane) {
    this.lane = lane;
    this.figure = section.querySelector(".picture");
    this.image = section.querySelector("[data-slot=picture]");
    this.outline = section.querySelector("[data-slot=outline]");
    this.slot = (name) => section.querySelector(`[data-slot=${name}]`);
    this.running = false;
    this.number = 0;
    this.image.onload = () => this.loaded();
    this.image.onerror = () => this.next(AGAIN_AFTER);
  }

  show(camera, code) {
    this.showCamera(camera);
    this.showOutline(camera, code);
    this.run(camera.state === "ok");
  }

  showCamera(camera) {
    setData(this.figure, "camera", camera.state);
    const fine = camera.state === "ok";
    setText(this.slot("camera"), fine ? "" : t("camera." + camera.state));
    setText(this.slot("camera-todo"), fine ? "" : t("camera." + camera.state + ".todo"));
    setText(this.slot("camera-fault"), fine ? "" : camera.fault);
    const old = fine && camera.age_ms !== null && camera.age_ms >= OLD_FROM;
    showText(this.slot("age"), old ? t("picture.age", { n: (camera.age_ms / 1000).toFixed(1) }) : "");
  }

  showOutline(camera, code) {
    const seen = code ? code.frame : null;
    const first = this.seen === undefined;
    if (seen === this.seen) return;
    this.seen = seen;
    if (!code || first || !camera.width) return;
    this.outline.setAttribute("viewBox", `0 0 ${camera.width} ${camera.height}`);
    this.outline.firstElementChild.setAttribute("points", code.corners.map((corner) => corner.join(",")).join(" "));
    this.fading?.cancel();
    this.fading = this.outline.animate([{ opacity: 1 }, { opacity: 1, offset: 0.6 }, { opacity: 0 }], OUTLINE_STAYS);
  }

  run(wanted) {
    if (wanted === this.running) return;
    this.running = wanted;
    if (wanted) this.ask();
    else clearTimeout(this.timer);
  }

  ask() {
    clearTimeout(this.timer);
    this.asked = performance.now();
    this.image.src = `/lanes/${encodeURIComponent(this.lane)}/picture.jpg?frame=${(this.number += 1)}`;
  }

  loaded() {
    this.image.hidden = false;
    this.next(Math.max(0, PICTURE_EVERY - (performance.now() - this.asked)));
  }

  next(wait) {
    clearTimeout(this.timer);
    if (this.running) this.timer = setTimeout(() => (document.hidden ? this.next(AGAIN_AFTER) : this.ask()), wait);
  }
}
