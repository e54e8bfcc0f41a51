"""The contract as it lies in `schemas/`, read once."""

from pathlib import Path

import orjson

from notifier.app.contract import read_schemas
from notifier.wire.catalogue import load_catalogue
from notifier.wire.publishers import load_register

SCHEMAS = Path(__file__).parents[2] / "schemas"
FILES = read_schemas(SCHEMAS)
CATALOGUE = load_catalogue(FILES)
REGISTER = load_register(FILES, "1177.")
ENTRIES = {name: orjson.loads(content) for name, content in FILES.items() if name.startswith(("events/", "marks/"))}


def examples(kind: str) -> list[tuple[str, dict]]:
    """Give the good or the bad examples of all files, each with a name for the test's id."""
    return [
        (f"{name}: {example['name']}", example)
        for name, entry in ENTRIES.items()
        for example in entry["examples"][kind]
    ]
