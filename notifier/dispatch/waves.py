"""A stretch of changes as waves: in each, every key stands once, so that one sorted statement can apply it.

Two things cannot be folded into one row: a return after a tombstone, and a protection that came after an unprotected
version (its instant would be lost, A17). Both cut the stretch in two; it happens hardly ever.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from notifier.domain.identifiers import Pseudonym
from notifier.wire.proxies import ProxyChange
from notifier.wire.residents import ResidentChange

Link = tuple[Pseudonym, Pseudonym]
"""A child and a guardian."""


class ResidentWave(msgspec.Struct, kw_only=True):
    """The newest version of each person, then the tombstones that came after."""

    newest: dict[Pseudonym, ResidentChange] = msgspec.field(default_factory=dict)
    protected_at: dict[Pseudonym, datetime] = msgspec.field(default_factory=dict)
    """`changed_at` of the first version with protection (A17); the arrival where it is missing."""
    gone: set[Pseudonym] = msgspec.field(default_factory=set)


class ProxyWave(msgspec.Struct, kw_only=True):
    """The newest version of each link, then the tombstones that came after."""

    newest: dict[Link, ProxyChange] = msgspec.field(default_factory=dict)
    gone: set[Link] = msgspec.field(default_factory=set)


def fold_residents(changes: Iterable[ResidentChange], now: datetime) -> list[ResidentWave]:
    """Fold changes in offset order; a lower or equal version of a key is dropped (A9)."""
    waves = [ResidentWave()]
    for change in changes:
        key, wave = change.pseudonym, waves[-1]
        if change.tombstone:
            wave.gone.add(key)
            continue
        kept = wave.newest.get(key)
        if key in wave.gone or (kept is not None and change.protected and not kept.protected):
            waves.append(wave := ResidentWave())
        elif kept is not None and change.version <= kept.version:
            continue
        wave.newest[key] = change
        if change.protected:
            wave.protected_at.setdefault(key, change.changed_at or now)
    return waves


def fold_proxies(changes: Iterable[ProxyChange]) -> list[ProxyWave]:
    """Fold changes in offset order; a lower or equal version of a key is dropped (A9)."""
    waves = [ProxyWave()]
    for change in changes:
        key, wave = (change.child, change.guardian), waves[-1]
        if change.tombstone:
            wave.gone.add(key)
            continue
        kept = wave.newest.get(key)
        if key in wave.gone:
            waves.append(wave := ProxyWave())
        elif kept is not None and change.version <= kept.version:
            continue
        wave.newest[key] = change
    return waves
