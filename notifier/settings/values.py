"""Kinds of values that settings are made of."""

import math
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


class Section(BaseModel):
    """A group of settings: read once, never changed, and nothing in it that nobody knows."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _read_seconds(value: object) -> object:
    """Take a bare number, also as text, for seconds; what is none is left to be read as ISO 8601."""
    if not isinstance(value, str):
        return value
    try:
        seconds = float(value)
    except ValueError:
        return value
    return seconds if math.isfinite(seconds) else value


def _require_positive(value: timedelta) -> timedelta:
    if value <= timedelta():
        raise ValueError("it must be longer than nothing")
    return value


Duration = Annotated[timedelta, BeforeValidator(_read_seconds), AfterValidator(_require_positive)]
"""Seconds (`0.5`) or ISO 8601 (`PT15M`)."""
Port = Annotated[int, Field(ge=1, le=65_535)]
Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=1, le=10_000)]


def seconds(number: float) -> timedelta:
    """Write a default."""
    return timedelta(seconds=number)
