// Turns an element into another in place, so that focus, open details, scroll and running animations stay.

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.dataset.key || node.id || null : null);
const alike = (one, other) => one.nodeName === other.nodeName && keyOf(one) === keyOf(other);

/** Changes `here` into `wanted`; an element with `data-keep` keeps what is inside it. */
export function morph(here, wanted) {
  const focused = document.activeElement;
  const held = here.contains(focused);
  change(here, wanted);
  if (!held || document.activeElement === focused) return;
  (focused.isConnected ? focused : here).focus({ preventScroll: true });
}

/** Lets an element enter with its animation, again if it had one. */
export function refresh(element) {
  element.classList.remove("fresh");
  void element.offsetWidth;
  element.classList.add("fresh");
}

function change(here, wanted) {
  if (here.nodeType === Node.TEXT_NODE) {
    if (here.data !== wanted.data) here.data = wanted.data;
    return;
  }
  if (here.nodeType !== Node.ELEMENT_NODE) return;
  const again = here.dataset.fresh !== wanted.dataset.fresh;
  changeAttributes(here, wanted);
  if (again && wanted.dataset.fresh) refresh(here);
  if (!("keep" in wanted.dataset)) changeChildren(here, wanted);
}

function changeAttributes(here, wanted) {
  for (const { name } of [...here.attributes]) {
    const ours = name === "open" || (name === "class" && here.classList.contains("fresh"));
    if (!wanted.hasAttribute(name) && !ours) here.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (here.getAttribute(name) === value) continue;
    if (name === "class" && here.className === `${value} fresh`) continue;
    here.setAttribute(name, value);
  }
}

function changeChildren(here, wanted) {
  const keys = new Set([...wanted.children].map(keyOf));
  for (const child of [...here.children]) if (keyOf(child) && !keys.has(keyOf(child))) child.remove();
  const known = new Map([...here.children].filter(keyOf).map((child) => [keyOf(child), child]));
  let at = here.firstChild;
  for (const node of [...wanted.childNodes]) {
    const match = keyOf(node) ? known.get(keyOf(node)) : at && alike(at, node) ? at : null;
    if (match && alike(match, node)) {
      if (match === at) at = at.nextSibling;
      else here.insertBefore(match, at);
      change(match, node);
    } else {
      here.insertBefore(node, at);
      enter(node);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function enter(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  for (const each of [node, ...node.querySelectorAll("[data-fresh]")]) if (each.dataset.fresh) refresh(each);
}
