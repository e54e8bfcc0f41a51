"""What the simulators themselves say of the phones, beside what the page shows."""

import re
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import orjson

if TYPE_CHECKING:
    from tests.browser.stage import Sandbox

KINDS = {"iPhone": "ios", "Android": "android"}


def read_badges(sandbox: "Sandbox") -> dict[str, int]:
    """Give the badge of every phone that something came to, by its name on the page."""
    with urlopen(f"{_find_control(sandbox)}?since=0", timeout=10) as answer:
        phones: list[dict[str, Any]] = orjson.loads(answer.read())["phones"]
    return {_slug(phone["alias"]): phone["badge"] for phone in phones if phone["alias"]}


def _find_control(sandbox: "Sandbox") -> str:
    """Find where the sandbox said that its phones are."""
    found = re.search(r"http://\S+/phones$", sandbox.log, re.MULTILINE)
    assert found, sandbox.log
    return found[0]


def _slug(alias: str) -> str:
    """Turn "Tolvan's iPhone" into tolvan-ios."""
    owner, _, kind = alias.partition("'s ")
    return f"{owner.lower().replace('ä', 'a')}-{KINDS[kind]}"
