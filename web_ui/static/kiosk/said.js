// What each kind of pass says beside its plate and its holder, and what a certificate says.

import { has, t } from "./page.js";
import { durationText, momentText } from "./time.js";

/** The province of a GB/T 2260 code. */
export function provinceText(code) {
  const key = "province." + code.slice(0, 2);
  return has(key) ? t(key) : code;
}

/** Where the party has been, the latest last: the province, and the prefecture by its number. */
function itineraryText(itinerary) {
  return itinerary.split(" ").map((code) => `${provinceText(code)} ${code.slice(0, 4)}`).join(" → ");
}

/** The kinds' own details; each stands there with all that belongs to it, or not at all. */
export function saidText(said) {
  const words = [
    said["declaration.itinerary"] && t("said.itinerary", { where: itineraryText(said["declaration.itinerary"]) }),
    said["vehicle.seats"] && t("said.seats", { n: said["vehicle.seats"] }),
    said["resident.building"] && t("said.home", { building: said["resident.building"], unit: said["resident.unit"] ?? "" }),
    said["badge.number"] && t("said.badge", { number: said["badge.number"], role: t("role." + said["badge.role"]) }),
    said["badge.team"] && t("said.team", { team: said["badge.team"] }),
    said["voucher.order"] && t("said.order", { order: said["voucher.order"] }),
    said["voucher.drop_offs"] && t("said.drop_offs", { where: said["voucher.drop_offs"] }),
    said["batch.firm"] && t("said.goods", { firm: said["batch.firm"], batch: said["batch.batch"] }),
    said["batch.certificate"] && t("said.goods_certificate", { number: said["batch.certificate"] }),
    said["by_hand.destination"] && t("said.drop_offs", { where: said["by_hand.destination"] }),
    said["by_hand.id_number"] && t("said.id_number", { number: said["by_hand.id_number"] }),
    said["by_hand.phone"] && t("said.phone", { number: said["by_hand.phone"] }),
    said["manifest.taken"] && t("said.manifest", { declared: said["manifest.declared"], taken: said["manifest.taken"], missing: Math.max(0, said["manifest.taken"] - said["manifest.declared"]) }),
  ];
  return words.filter(Boolean).join(" · ");
}

/** How many certificates of the party stand for the test, and what the last one shown says. Never a name. */
export function certificateText(passage) {
  const { certificates, party, said, for_passing: besideAPass } = passage;
  const words = [
    besideAPass && certificates > 0 && t("certificates", { n: certificates, of: party }),
    said["health.kind"] && t("health." + said["health.kind"]),
    said["health.result"] && t("result." + said["health.result"]),
    said["health.dose"] && t("said.dose", { dose: said["health.dose"] }),
    said["health.on"] && t("said.ago", { ago: durationText(said["health.on"]) }),
    besideAPass && said["health.until"] && t("valid_until", { when: momentText(said["health.until"]) }),
  ];
  return words.filter(Boolean).join(" · ");
}
