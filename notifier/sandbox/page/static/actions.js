// Asks the server to do something, and says what it answered.

import { language, words } from "./page.js";

const SHOWN_MS = 12000;
let timer;

/** Sends JSON; gives the answer's JSON, also of a refusal, or null where the server did not answer. */
export async function post(address, body, signal) {
  const headers = { "content-type": "application/json" };
  try {
    const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body), signal });
    return { ok: answer.ok, ...(await answer.json()) };
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    return null;
  }
}

/** Sends JSON and says the answer. */
export async function act(address, body) {
  const answer = await post(address, body);
  tell(answer ? answer.said?.[language] : words.unreachable, answer?.ok ?? false);
  return answer;
}

/** Says something in the status line; what failed stays until it is closed. */
export function tell(text, fine = true) {
  const line = document.getElementById("said");
  if (!text) return;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "said-close";
  close.setAttribute("aria-label", line.dataset.close);
  close.addEventListener("click", () => line.replaceChildren());
  const said = document.createElement("p");
  said.textContent = text;
  line.classList.toggle("failed", !fine);
  line.replaceChildren(said, close);
  clearTimeout(timer);
  if (fine) timer = setTimeout(() => line.matches(":hover, :focus-within") || line.replaceChildren(), SHOWN_MS);
}

/** Lets every button with `data-post` send its `data-body`. */
export function serveButtons() {
  document.addEventListener("click", async (click) => {
    const button = click.target.closest("button[data-post]");
    if (!button || button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    await act(button.dataset.post, JSON.parse(button.dataset.body));
    button.removeAttribute("aria-busy");
  });
}
