"""What tests do with a page that everybody should be able to use."""

from typing import TYPE_CHECKING

from tests.house.code import ROOT

if TYPE_CHECKING:
    from playwright.async_api import Page

PICTURES = ROOT / "build" / "screenshots"
GRAVE = ("serious", "critical")


async def assert_accessible(page: "Page") -> None:
    """Hold the page as it stands against axe-core: nothing serious or critical may be found."""
    from axe_playwright_python.async_playwright import Axe

    found = (await Axe().run(page)).response["violations"]
    grave = [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {' '.join(map(str, node['target']))}"
        for violation in found
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]
    assert not grave, "\n".join(grave)


async def shoot(page: "Page", name: str) -> None:
    """Write build/screenshots/<name>.png, the whole page and not only what the window shows."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=PICTURES / f"{name}.png", full_page=True, animations="disabled")
