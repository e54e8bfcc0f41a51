"""What the frame-level server does wrong, as `PUT /frames` orders it."""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec

Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Seconds = Annotated[float, msgspec.Meta(ge=0.0, le=86_400.0)]
Code = Annotated[int, msgspec.Meta(ge=0, le=13)]
Count = Annotated[int, msgspec.Meta(ge=1)]
Window = Annotated[int, msgspec.Meta(ge=1, le=65_535)]
Streams = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class Fault(StrEnum):
    """What may befall a request once it is complete, in the order of the dice: the first that is thrown strikes."""

    BLACK_HOLE = "black_hole"
    TCP_RESET = "tcp_reset"
    GOAWAY_BELOW = "goaway_below"
    GOAWAY = "goaway"
    REFUSED = "refused"
    RESET = "reset"
    BARE_503 = "bare_503"
    HALF_RESET = "half_reset"
    HALF_SILENCE = "half_silence"
    SILENCE = "silence"
    SLOW = "slow"
    SPLIT = "split"


class Throw(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often a fault is thrown: at a share of the requests, and `times` in all (None: without end)."""

    share: Share = 1.0
    times: Count | None = None


Odds = Share | Throw


class Mischief(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that is wrong at one time; what is not named is right."""

    seed: int = 1
    providers: tuple[Literal["apns", "fcm", "oauth"], ...] = ("apns", "fcm", "oauth")
    """Whose requests meet faults and latency; streams, windows and age are the connection's, whoever uses it."""
    processed: Share = 0.0
    """Of the requests that are reset, lost, half answered or never answered: how many are decided, and so shown."""

    black_hole: Odds = 0.0
    tcp_reset: Odds = 0.0
    goaway_below: Odds = 0.0
    goaway: Odds = 0.0
    refused: Odds = 0.0
    reset: Odds = 0.0
    bare_503: Odds = 0.0
    half_reset: Odds = 0.0
    half_silence: Odds = 0.0
    silence: Odds = 0.0
    slow: Odds = 0.0
    split: Odds = 0.0

    goaway_code: Code = 0
    goaway_reason: str = "Shutdown"
    reset_code: Code = 2
    slow_seconds: Seconds = 5.0
    latency_seconds: Seconds = 0.0
    spread_seconds: Seconds = 0.0

    streams: Streams | None = None
    first_streams: Streams | None = None
    fall_back: bool = False
    over_limit: Literal["refuse", "goaway"] = "refuse"
    bad_tokens: Count | None = None
    max_age_seconds: Annotated[float, msgspec.Meta(gt=0.0, le=604_800.0)] | None = None
    window_bytes: Window = 65_535
    window_step_bytes: Window | None = None
    connection_window_bytes: Window = 65_535

    def __post_init__(self) -> None:
        """Refuse steps that would never be given."""
        if self.window_step_bytes and self.window_step_bytes > min(self.window_bytes, self.connection_window_bytes):
            raise ValueError("window_step_bytes must not be larger than the windows")

    def odds_of(self, fault: Fault) -> Throw:
        """Say how often a fault is thrown."""
        odds: Odds = getattr(self, fault)
        return odds if isinstance(odds, Throw) else Throw(share=odds)
