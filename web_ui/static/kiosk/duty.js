// Who is on duty, in the bar; and for a moment what became of a badge that was held before a lane.

import { has, setData, setText, showText, t } from "./page.js";
import { sound } from "./sound.js";

const NOTICE_STAYS = 8000;

const way = document.getElementById("duty");
const notice = document.getElementById("notice");
let told = null;
let timer = 0;

export function showDuty(view) {
  const [first, ...others] = view.on;
  const name = first ? `${first.label} ${first.number}` : t("duty.nobody");
  setText(way, others.length ? t("duty.several", { n: view.on.length }) : name);
  setData(way, "on", Boolean(first));
  tell(view.notice);
}

/** What was said before this page was opened is old; of the rest each is said once. */
function tell(said) {
  const fresh = told !== null && said.at !== undefined && said.at !== told;
  told = said.at ?? "";
  if (!fresh) return;
  const refused = said.what === "refused";
  const reasons = said.reasons.map((reason) => t(["reason.", "shift.refused.", "shift.warned."].map((kind) => kind + reason).find(has)));
  const values = { label: said.label, number: said.number, reasons: reasons.join(t("reasons.comma")) };
  const done = said.what === "visit" ? "duty.visit" : "duty.signed_on";
  const warned = refused || values.reasons === "" ? "" : ` · ${values.reasons}`;
  showText(notice, t(refused ? "duty.refused" : done, values) + warned);
  setData(notice, "what", said.what);
  sound(refused ? "denied" : "granted");
  clearTimeout(timer);
  timer = setTimeout(() => showText(notice, ""), NOTICE_STAYS);
}
