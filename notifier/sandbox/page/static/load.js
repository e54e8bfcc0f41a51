// The slider of the load; what it says follows the hand first and the server afterwards.

import { act } from "./actions.js";
import { say, words } from "./page.js";

const QUIET_MS = 200;
const STILL_MS = 1000;
const slider = document.getElementById("load-slider");
let moved = 0;
let timer;

/** Makes the slider work. */
export function serveLoad() {
  slider.addEventListener("input", () => {
    moved = Date.now();
    document.getElementById("load").textContent = say(words.load, { count: slider.value });
    clearTimeout(timer);
    timer = setTimeout(() => act("/sandbox/load", { events_per_second: Number(slider.value) }), QUIET_MS);
  });
}

/** Says whether a hand is on it, or was a moment ago. */
export const sliding = () => slider.matches(":active") || Date.now() - moved < STILL_MS;

/** Puts the slider where the server says. */
export function slide(output) {
  slider.value = output.dataset.value;
}
