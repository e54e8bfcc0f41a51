"""Reading settings from a TOML file and the environment, which wins; every fault is said at once."""

import os
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource, TomlConfigSettingsSource

from notifier.settings.tree import DELIMITER, ENVIRONMENT_ONLY, PREFIX, SECTIONS, Settings, variable

Tree = dict[str, Any]
"""Values of sections by name, as they were written."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """Settings without what could not be read of them, and what that was: sentences without any value."""

    settings: Settings
    faults: tuple[str, ...]


def read_settings(config: Path | None = None) -> Reading:
    """Read the environment over the file; what is at fault is left at its default, so that the rest can be checked."""
    file, faults = _read_file(config)
    variables, unknown = _read_environment()
    faults += unknown
    values: Tree = {name: _merge(file.get(name), variables.get(name)) for name in file | variables}
    faults += _drop_blanks(values, variables, config)
    while True:
        try:
            return Reading(settings=Settings(**values), faults=tuple(faults))
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_input=False, include_context=False):
                faults.append(_say(detail, variables, config))
                _drop(values, detail)


def _read_file(config: Path | None) -> tuple[Tree, list[str]]:
    if config is None:
        return {}, []
    if not config.is_file():
        return {}, [f"{config}: is no file: give the TOML file of the settings with --config."]
    try:
        return dict(TomlConfigSettingsSource(Settings, config).toml_data), []
    except OSError as error:
        return {}, [f"{config}: cannot be read ({error.strerror}): let this user read it."]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}, [f"{config}: is not TOML: correct it."]


def _read_environment() -> tuple[Tree, list[str]]:
    names = {name.upper() for name in os.environ if name.upper().startswith(PREFIX)}
    unknown = sorted(names.difference(_names(), ENVIRONMENT_ONLY))
    source = EnvSettingsSource(Settings, env_prefix=PREFIX, env_nested_delimiter=DELIMITER)
    source.env_vars = {
        name: value for name, value in source.env_vars.items() if name.upper() in names.difference(unknown)
    }
    return dict(source()), [_refuse(name, name) for name in unknown]


def _names() -> Iterator[str]:
    for name in Settings.model_fields:
        if name in SECTIONS:
            yield from (variable(name, key) for key in SECTIONS[name].model_fields)
        else:
            yield variable(name)


def _refuse(where: str, name: str) -> str:
    close = get_close_matches(name, list(_names()), 1)
    named = [match if where == name else match.removeprefix(PREFIX).lower().replace(DELIMITER, ".") for match in close]
    return f"{where}: is no setting{''.join(f', {match} is' for match in named)}; remove it or correct its name."


def _merge(below: object, above: object) -> object:
    if isinstance(below, dict) and (above is None or isinstance(above, dict)):
        return below | (above or {})
    return dict(above) if isinstance(above, dict) else below if above is None else above


def _drop_blanks(values: Tree, variables: Tree, config: Path | None) -> list[str]:
    """Take out empty texts: whoever writes `KAFKA__BOOTSTRAP=` has forgotten a value and wants nothing embedded."""
    faults = []
    for section, content in values.items():
        for key in [key for key, value in content.items() if value == ""] if isinstance(content, dict) else ():
            del content[key]
            faults.append(f"{_locate((section, key), variables, config)}: is empty; give it a value or remove it.")
    return faults


def _say(detail: ErrorDetails, variables: Tree, config: Path | None) -> str:
    """Say what is wrong where and what would be right; pydantic's message holds no value, ours neither."""
    path = tuple(str(step) for step in detail["loc"][:2])
    where = _locate(path, variables, config)
    if detail["type"] == "extra_forbidden":
        return _refuse(where, variable(*path))
    what = detail["msg"].removeprefix("Value error, ")
    description = _describe(path)
    return f"{where}: {what}{f' ({description})' if description else ''}; correct it."


def _describe(path: tuple[str, ...]) -> str | None:
    fields = SECTIONS[path[0]].model_fields if len(path) > 1 else Settings.model_fields
    field = fields.get(path[-1])
    return None if field is None else field.description


def _locate(path: tuple[str, ...], variables: Tree, config: Path | None) -> str:
    """Name a setting as it was written: a variable, or a key of the file."""
    found: object = variables
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    if found is not None or config is None:
        return variable(*path)
    return f"{config}: {'.'.join(path)}"


def _drop(values: Tree, detail: ErrorDetails) -> None:
    """Take out what a fault names, so that the rest can be read."""
    section, *rest = (str(step) for step in detail["loc"])
    content = values.get(section)
    if rest and isinstance(content, dict) and rest[0] in content:
        del content[rest[0]]
    else:
        values.pop(section, None)
