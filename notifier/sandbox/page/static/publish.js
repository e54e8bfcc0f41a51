// Choosing, writing, checking and publishing events.

import { act, post, tell } from "./actions.js";
import { language, words } from "./page.js";

const QUIET_MS = 250;
const editor = document.getElementById("editor");
const choice = document.getElementById("choice");
const kcat = document.getElementById("kcat");
const types = [...document.querySelectorAll("[data-type]")];
let type = types.find((each) => each.dataset.type.includes("inbox"))?.dataset.type ?? types[0]?.dataset.type;
let own = false;
let timer;
let checking;

/** Makes the section work. */
export function servePublishing() {
  for (const button of types) button.addEventListener("click", () => publishKind(button.dataset.type));
  for (const button of document.querySelectorAll("[data-publish]")) button.addEventListener("click", () => publish(button.dataset.publish));
  choice.addEventListener("change", () => own || compose());
  editor.addEventListener("input", () => ((own = true), later()));
  document.getElementById("renew").addEventListener("click", renew);
  document.getElementById("copy-kcat").addEventListener("click", copy);
  if (editor.value) check();
  else compose();
}

async function publishKind(name) {
  type = name;
  if (await compose()) await publish("once");
}

async function compose() {
  const answer = await post("/sandbox/compose", { type, subject: choice.value });
  own = own && !answer?.event;
  return write(answer);
}

async function renew() {
  write(await post("/sandbox/renew", { event: editor.value }));
}

function write(answer) {
  if (!answer?.event) {
    tell(answer?.said?.[language] ?? words.unreachable, false);
    return false;
  }
  editor.value = answer.event;
  kcat.textContent = answer.kcat;
  check();
  return true;
}

async function publish(how) {
  await act("/sandbox/publish", { event: editor.value, how });
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(check, QUIET_MS);
}

async function check() {
  clearTimeout(timer);
  checking?.abort();
  checking = new AbortController();
  try {
    show(await post("/sandbox/validate", { event: editor.value }, checking.signal));
  } catch {
    // A newer text is on its way.
  }
}

function show(answer) {
  const line = document.getElementById("validity");
  const fine = answer?.ok ?? false;
  line.className = `validity ${fine ? "fine" : "wrong"}`;
  line.replaceChildren(answer?.said?.[language] ?? words.unreachable);
  if (answer?.field) {
    const field = document.createElement("code");
    field.textContent = answer.field;
    line.append(` ${words.field} `, field);
  }
  editor.setAttribute("aria-invalid", String(!fine));
  if (answer?.kcat) kcat.textContent = answer.kcat;
}

async function copy() {
  try {
    await navigator.clipboard.writeText(kcat.textContent);
    tell(words.copied);
  } catch {
    getSelection().selectAllChildren(kcat);
    tell(words.not_copied, false);
  }
}
