// Fetches why an event became what it became, when somebody opens it and again while it changes.

import { words } from "./page.js";

const PAUSE_MS = 1500;
const LATER_MS = 6000;
const last = new WeakMap();

/** Fetches on opening. */
export function serveWhy() {
  document.addEventListener(
    "toggle",
    ({ target }) => target.matches?.("details.why[open]") && read(target),
    { capture: true },
  );
}

/** Fetches again if it is open, a while after the last time at the earliest. */
export function renewWhy(event) {
  const details = event.querySelector("details.why[open]");
  if (!details || last.get(details)?.timer) return;
  const wait = Math.max((last.get(details)?.at ?? 0) + PAUSE_MS - Date.now(), 0);
  last.set(details, { ...last.get(details), timer: setTimeout(() => read(details), wait) });
}

async function read(details) {
  const { timer, html: before } = last.get(details) ?? {};
  clearTimeout(timer);
  last.set(details, { at: Date.now(), html: before });
  const body = details.querySelector(".why-body");
  try {
    const answer = await fetch(details.dataset.why);
    if (!answer.ok) throw new Error(answer.statusText);
    const html = await answer.text();
    show(body, html);
    last.set(details, { at: Date.now(), html });
    // A second phone is told without another status: read on until nothing is new.
    if (html !== before) setTimeout(() => details.open && details.isConnected && read(details), LATER_MS);
  } catch {
    if (!before) body.textContent = words.why_failed;
  }
  body.removeAttribute("aria-busy");
}

// Which bytes were open stays open, and the keyboard stays where it was.
function show(body, html) {
  const open = [...body.querySelectorAll("details")].map((each) => each.open);
  const focused = [...body.querySelectorAll("summary")].indexOf(document.activeElement);
  body.innerHTML = html;
  [...body.querySelectorAll("details")].forEach((each, at) => (each.open = open[at] ?? false));
  if (focused >= 0) body.querySelectorAll("summary")[focused]?.focus({ preventScroll: true });
}
