// The menus of the phones close when somebody chooses, presses Escape, or goes elsewhere.

const opened = () => document.querySelectorAll("details.menu[open]");

/** Makes them close. */
export function serveMenus() {
  document.addEventListener("click", ({ target }) => {
    for (const menu of opened()) if (!menu.contains(target) || target.closest(".menu-list button")) close(menu);
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") for (const menu of opened()) close(menu);
  });
  document.addEventListener("focusin", ({ target }) => {
    for (const menu of opened()) if (!menu.contains(target)) menu.open = false;
  });
}

function close(menu) {
  const inside = menu.contains(document.activeElement);
  menu.open = false;
  if (inside) menu.querySelector("summary").focus();
}
