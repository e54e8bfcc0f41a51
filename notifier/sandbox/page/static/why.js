// Fetches why an event became what it became, when somebody opens it and again while it changes.

import { words } from "./page.js";

const PAUSE_MS = 1500;
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
  clearTimeout(last.get(details)?.timer);
  last.set(details, { at: Date.now() });
  const body = details.querySelector(".why-body");
  try {
    const answer = await fetch(details.dataset.why);
    if (!answer.ok) throw new Error(answer.statusText);
    show(body, await answer.text());
  } catch {
    body.textContent = words.why_failed;
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
