"""Named SQL from `.sql` files: `-- name: x`, the reason on the second line, one statement (STYLE 8)."""

import re
from functools import cache
from importlib.resources import files

_HEAD = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


def split_statements(text: str) -> dict[str, str]:
    """Split a file into its named statements; a name given twice is a programming error."""
    parts = _HEAD.split(text)[1:]
    names, bodies = parts[::2], parts[1::2]
    if len(set(names)) != len(names):
        raise ValueError(f"a statement is named twice among {names}")
    return {name: body.strip() for name, body in zip(names, bodies, strict=True)}


@cache
def read_statements() -> dict[str, str]:
    """Read every statement of this room; names are unique over all files."""
    folder = files("notifier.postgres") / "sql"
    texts = [entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".sql")]
    return split_statements("\n".join(texts))


def query(name: str) -> str:
    """Give the statement of this name."""
    return read_statements()[name]
