// Business time on the page's clock and on every lock screen, ticking between what the server says.

const zone = { timeZone: "Europe/Stockholm" };
const digits = new Intl.DateTimeFormat("sv", { ...zone, hour: "2-digit", minute: "2-digit", second: "2-digit" });
const days = {};
let ahead = 0;

/** Keeps all times right from now on. */
export function tick() {
  fill(document.getElementById("clock"));
  setInterval(() => write(document), 1000);
}

/** Writes the times inside a part of the page that changed; the clock itself tells what time it is. */
export function fill(element) {
  if (element.id === "clock") ahead = Date.parse(element.dataset.now) - Date.now();
  write(element.id === "clock" ? document : element);
}

function write(within) {
  const now = new Date(Date.now() + ahead);
  const long = digits.format(now);
  const faces = { long, short: long.slice(0, 5), hour: long.slice(0, 2), minute: long.slice(3, 5) };
  for (const each of within.querySelectorAll("[data-clock]")) set(each, faces[each.dataset.clock]);
  for (const each of within.querySelectorAll("[data-day]")) set(each, day(now, each.lang));
}

function day(now, language) {
  const tag = language === "en" ? "en-GB" : language;
  days[tag] ??= new Intl.DateTimeFormat(tag, { ...zone, weekday: "long", day: "numeric", month: "long" });
  return days[tag].format(now).replace(",", "");
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
