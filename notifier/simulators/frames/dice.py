"""Chance with a seed: which request meets which fault, and how many met it."""

from collections import Counter
from collections.abc import Mapping
from random import Random

from notifier.simulators.frames.mischief import Fault, Mischief

RANDOM_PER_REQUEST = tuple(fault for fault in Fault if fault is not Fault.SPLIT)


class Dice:
    """Throws faults, one sequence for all connections."""

    def __init__(self, mischief: Mischief) -> None:
        """Throw as ordered, until other dice are taken."""
        self._mischief = mischief
        self._chance = Random(mischief.seed)  # noqa: S311 - a seeded choice of faults, not a secret
        odds = {fault: mischief.odds_of(fault) for fault in Fault}
        self._shares = {fault: throw.share for fault, throw in odds.items() if throw.share}
        self._left = {fault: throw.times for fault, throw in odds.items() if throw.times is not None}
        self._faults = tuple(fault for fault in RANDOM_PER_REQUEST if fault in self._shares)

    def throw(self, provider: str) -> Fault | None:
        """Say which fault the next request of a provider meets."""
        if not self._faults or provider not in self._mischief.providers:
            return None
        return next((fault for fault in self._faults if self._strikes(fault)), None)

    def splits(self, provider: str) -> bool:
        """Say whether the next body is sent in two frames."""
        return Fault.SPLIT in self._shares and provider in self._mischief.providers and self._strikes(Fault.SPLIT)

    def processes(self) -> bool:
        """Say whether a request whose answer is lost was decided all the same."""
        return self._chance.random() < self._mischief.processed

    def latency_seconds(self, provider: str) -> float:
        """Say how long the next answer is held back."""
        mischief = self._mischief
        if not (mischief.latency_seconds or mischief.spread_seconds) or provider not in mischief.providers:
            return 0.0
        return mischief.latency_seconds + self._chance.random() * mischief.spread_seconds

    def _strikes(self, fault: Fault) -> bool:
        left = self._left.get(fault)
        if left == 0 or self._chance.random() >= self._shares[fault]:
            return False
        if left is not None:
            self._left[fault] = left - 1
        return True


class Thrown:
    """Counts what the server did wrong, and what its clients did."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._counts: Counter[str] = Counter()

    def count(self, what: str) -> None:
        """Count one."""
        self._counts[what] += 1

    def counts(self) -> Mapping[str, int]:
        """Give the numbers, of what happened at all."""
        return dict(self._counts)

    def forget_counts(self) -> None:
        """Count from nothing again."""
        self._counts.clear()
