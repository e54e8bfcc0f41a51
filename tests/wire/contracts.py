"""The contract as it lies in `schemas/`, with one thing changed in a copy."""

from collections.abc import Callable

import orjson
import pytest

from notifier.domain.faults import Misconfigured
from notifier.wire.catalogue import load_catalogue
from tests.schemas.files import FILES

Change = Callable[[dict], object]


def changed(path: str, change: Change) -> dict[str, bytes]:
    """Give the files with one document changed."""
    document = orjson.loads(FILES[path])
    change(document)
    return {**FILES, path: orjson.dumps(document)}


def faults(files: dict[str, bytes]) -> tuple[str, ...]:
    """Give what the catalogue refuses these files for."""
    with pytest.raises(Misconfigured) as misconfigured:
        load_catalogue(files)
    return misconfigured.value.faults
