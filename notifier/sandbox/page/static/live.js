// What the server says while the page is open: parts of it that changed.

import { forget, notice } from "./announce.js";
import { fill } from "./clock.js";
import { language, words } from "./page.js";
import { morph, refresh } from "./morph.js";
import { slide, sliding } from "./load.js";
import { renewWhy } from "./why.js";

const MOST_EVENTS = 30;
const TOGETHER_MS = 50;
const AGAIN_MS = 2000;
const waiting = new Map();
let finding = 0;
let day;

/** Listens for as long as the page is open. */
export function listen() {
  const source = new EventSource(`/sandbox/live?lang=${language}`);
  source.addEventListener("hello", (message) => greet(JSON.parse(message.data)));
  source.addEventListener("fragment", (message) => take(JSON.parse(message.data)));
  source.addEventListener("error", () => lose(source));
}

function greet({ run }) {
  if (run !== document.body.dataset.run) location.reload();
  else find();
}

function lose(source) {
  const banner = document.getElementById("lost");
  if (!banner.textContent) banner.textContent = words.lost;
  if (source.readyState !== EventSource.CLOSED) return;
  source.close();
  setTimeout(listen, AGAIN_MS);
}

// What was said while nobody listened, before the first hello too, is in the page as it is now;
// what is said until it is here may be newer, and comes after it.
async function find() {
  finding += 1;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.statusText);
    const now = new DOMParser().parseFromString(await answer.text(), "text/html");
    forget();
    for (const id of ["clock", "health", "figures", "account", "switches", "load"]) put(id, now.getElementById(id));
    for (const each of [...now.querySelectorAll(".person, .event")].reverse()) put(each.id, each);
    document.getElementById("lost").textContent = "";
  } catch {
    setTimeout(find, AGAIN_MS);
  }
  finding -= 1;
  flush();
}

function take({ id, html }) {
  if (!waiting.size) setTimeout(flush, TOGETHER_MS);
  waiting.delete(id);
  waiting.set(id, html);
}

function flush() {
  if (finding) return;
  const parts = [...waiting];
  waiting.clear();
  for (const [id, html] of parts) {
    const frame = document.createElement("template");
    frame.innerHTML = html.trim();
    put(id, document.importNode(frame.content.firstElementChild, true));
  }
}

function put(id, wanted) {
  const here = document.getElementById(id);
  if (!wanted) return;
  if (id === "load" && sliding()) {
    setTimeout(() => put(id, wanted), AGAIN_MS);
    return;
  }
  if (id === "clock") turn(wanted);
  if (!here) {
    if (id.startsWith("event-")) prepend(wanted);
    return;
  }
  const before = shown(here);
  morph(here, wanted);
  fill(here);
  notice(here, before);
  if (id === "load") slide(here);
  if (here.matches(".event")) renewWhy(here);
}

// On another day people are older.
function turn(clock) {
  const before = day;
  day = clock.querySelector("[data-day]").textContent;
  if (before && before !== day) find();
}

const shown = (element) => new Set([...element.querySelectorAll(".notice")].map(said));
const said = (element) => `${element.dataset.key} ${element.dataset.fresh}`;

function prepend(wanted) {
  const list = document.getElementById("events");
  list.prepend(wanted);
  refresh(wanted);
  const old = [...list.children].slice(MOST_EVENTS);
  for (const each of old) if (!each.querySelector("details[open]") && !each.contains(document.activeElement)) each.remove();
}
