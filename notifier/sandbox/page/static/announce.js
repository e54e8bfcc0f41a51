// Says new notifications aloud for those who listen to the page, seldom enough to be followed.

import { say, words } from "./page.js";

const PAUSE_MS = 2000;
const waiting = new Map();
let timer = null;

/** Notes what a phone, or the phones of a person, shows that it did not show before. */
export function notice(element, before) {
  const phones = element.matches(".phone") ? [element] : element.querySelectorAll(".phone");
  for (const phone of phones) {
    const fresh = [...phone.querySelectorAll(".notice")].find((each) => !before.has(`${each.dataset.key} ${each.dataset.fresh}`));
    if (fresh) wait(phone.getAttribute("aria-label"), fresh.querySelector(".notice-text").textContent, phone.dataset.badge);
  }
}

/** Leaves unsaid what waits. */
export const forget = () => waiting.clear();

function wait(phone, text, badge) {
  const count = (waiting.get(phone)?.count ?? 0) + 1;
  waiting.set(phone, { phone, text, badge, count });
  timer ??= setTimeout(speak, 300);
}

function speak() {
  timer = null;
  const all = [...waiting.values()];
  waiting.clear();
  if (!all.length) return;
  const count = all.reduce((sum, each) => sum + each.count, 0);
  const phones = all.map((each) => each.phone).join(", ");
  const sentence = count === 1 ? say(words.one_notice, all[0]) : say(words.many_notices, { count, phones });
  document.getElementById("spoken").textContent = sentence;
  timer = setTimeout(speak, PAUSE_MS);
}
