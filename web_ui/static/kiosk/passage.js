// What a passage says, in words. Nothing is decided here: outcome, proposal and reasons come from the station.

import { has, page, t } from "./page.js";
import { certificateText, provinceText, saidText } from "./said.js";
import { momentText } from "./time.js";

const STRANGERS_TEXT = 300;
const NO_FACTS = { kind: "", plate: "", suggestion: "", who: "", said: "", certificate: "", heat: "", validity: "", stranger: "" };
const MISSING = /^(identity|itinerary|test|temperature|disinfection)_missing$/;

/** The operator still has to tap, and the station has a proposal. */
export function isProposal(passage) {
  return passage.proposed !== passage.outcome && !passage.by_operator;
}

/** A person or the rules have come to an end with it; a held one that nobody touched still waits. */
export function isSettled(passage) {
  return passage.by_operator || passage.outcome !== "held";
}

/** Which colour and shape: idle, clear, granted, held, denied; and the words beside it. */
export function decisionOf(passage, canSee = true) {
  if (!passage) return { look: "idle", word: t(canSee ? "idle" : "idle.by_hand"), ask: "", reasons: [] };
  const said = { reasons: passage.written ? reasonsOf(passage) : [{ text: t("unwritten") }, ...reasonsOf(passage)] };
  if (!isProposal(passage)) return { look: passage.outcome, word: t("outcome." + passage.outcome), ask: "", ...said };
  const look = passage.proposed === "granted" ? "clear" : passage.proposed;
  return { look, word: t("proposal." + passage.proposed), ask: t("proposal." + passage.proposed + ".ask"), ...said };
}

/** Each reason in words; several missing musts in one, and that a tap is awaited only if nothing else is to say. */
function reasonsOf(passage) {
  const others = passage.reasons.filter((reason) => reason !== "awaiting_operator");
  const reasons = others.length || isProposal(passage) ? others : passage.reasons;
  const missing = reasons.filter((reason) => MISSING.test(reason));
  const words = (reason) => ({ text: reasonText(passage, reason) });
  if (missing.length < 2) return reasons.map(words);
  const musts = missing.map((reason) => t("must." + reason.match(MISSING)[1])).join(t("reasons.comma"));
  const rest = reasons.filter((reason) => !MISSING.test(reason)).map(words);
  return [...rest, { text: t("reasons.missing", { musts }), onChips: true }];
}

/** A reason that is about a certificate or goods says so, unless they are all that was shown. */
function reasonText(passage, reason) {
  const text = t("reason." + reason);
  if (!passage.against.includes(reason)) return text;
  if (has("beside." + reason)) return t("beside." + reason);
  return passage.for_passing && reason !== "incomplete" ? t("beside", { reason: text }) : text;
}

/** suggestion: the plate that the station thinks it sees. */
export function factsOf(passage, canSee, suggestion) {
  const suggested = suggestionText(suggestion);
  if (!passage) return { ...NO_FACTS, kind: t(canSee ? "idle.hint" : "idle.by_hand.hint"), suggestion: suggested };
  const traffic = passage.traffic && t("traffic." + passage.traffic);
  const party = (passage.pass_kind || passage.party > 1) && t("party", { n: passage.party });
  return {
    kind: [kindText(passage), traffic].filter(Boolean).join(" · "),
    plate: passage.plate,
    suggestion: passage.plate || isSettled(passage) ? "" : suggested,
    who: [passage.label, party, provinceText(passage.origin)].filter(Boolean).join(" · "),
    said: saidText(passage.said),
    certificate: certificateText(passage),
    heat: heatText(passage.temperature),
    validity: passage.valid_until ? t("valid_until", { when: momentText(passage.valid_until) }) : "",
    stranger: strangersText(passage.text),
  };
}

/** Where it is registered says nothing of where it comes from: the words only say what it looks like. */
function suggestionText(suggestion) {
  return suggestion ? t("suggestion." + suggestion.origin, { plate: suggestion.text }) : "";
}

function kindText(passage) {
  if (passage.pass_kind) return t("kind." + passage.pass_kind);
  return passage.reasons.includes("without_code") ? t("kind.by_hand") : t("kind.none");
}

function heatText(temperature) {
  if (temperature === null) return "";
  const measured = t("temperature", { n: temperature.toFixed(1) });
  return page.fever_from === null ? measured : `${measured} · ${t("temperature.limit", { n: page.fever_from })}`;
}

/** A stranger's code as one harmless line: no control characters, no turning of the reading direction. */
function strangersText(text) {
  const line = text.slice(0, STRANGERS_TEXT * 2).replace(/\s+/gu, " ").replace(/[\p{Cc}\p{Cf}]/gu, "·");
  return [...line].slice(0, STRANGERS_TEXT).join("");
}
