"""The settings as the README shows them."""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from notifier.settings.tree import ENVIRONMENT_ONLY, PREFIX, SECTIONS, Settings, variable


def describe() -> str:
    """Write a Markdown table of every setting: its name in the environment, its default, what it is."""
    rows = [f"| `{name}` | {_write(field)} | {field.description} |" for name, field in _fields()]
    rows += [f"| `{name.removeprefix(PREFIX)}` | | {what} |" for name, what in ENVIRONMENT_ONLY.items()]
    return "\n".join((f"| setting (`{PREFIX}…`) | default | what |", "|---|---|---|", *rows)) + "\n"


def _fields() -> Iterator[tuple[str, FieldInfo]]:
    for name, field in Settings.model_fields.items():
        if name in SECTIONS:
            for key, inner in SECTIONS[name].model_fields.items():
                yield variable(name, key).removeprefix(PREFIX), inner
        else:
            yield variable(name).removeprefix(PREFIX), field


def _write(field: FieldInfo) -> str:
    value = field.default
    if value is None or isinstance(value, SecretStr):
        return ""
    if isinstance(value, timedelta):
        return f"`{value.total_seconds():g}` s"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value.value if isinstance(value, StrEnum) else value}`"
