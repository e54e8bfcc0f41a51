"""From changes to rows: ids for newcomers, contact points sealed (B7, B40)."""

from datetime import datetime

from notifier.dispatch.identities import Entropy, introduce
from notifier.dispatch.stretches import ProxyRows, ResidentRow, ResidentRows, Stretch
from notifier.dispatch.waves import ProxyWave, ResidentWave, fold_proxies, fold_residents
from notifier.domain.identifiers import PersonId, Pseudonym
from notifier.wire.contacts import ContactSealer
from notifier.wire.proxies import ProxyChange
from notifier.wire.residents import ResidentChange


class ResidentLayout:
    """Lays residents out as rows with sealed contact points; `production` throws test persons away (B25)."""

    def __init__(self, contacts: ContactSealer, entropy: Entropy, *, production: bool) -> None:
        self._contacts = contacts
        self._entropy = entropy
        self._production = production

    def __call__(self, stretch: Stretch[ResidentChange], now: datetime) -> tuple[list[ResidentRows], int]:
        """Give the rows of a stretch and how many test persons it held."""
        kept = [change for change in stretch.changes if not (self._production and change.test)]
        waves = [self._lay_out(wave) for wave in fold_residents(kept, now)]
        return waves, len(stretch.changes) - len(kept)

    def _lay_out(self, wave: ResidentWave) -> ResidentRows:
        named = {other for change in wave.newest.values() for other in change.linked}
        named |= {change.replaced_by for change in wave.newest.values() if change.replaced_by is not None}
        others = sorted((named | wave.gone) - wave.newest.keys())
        people = introduce(self._entropy, [*wave.newest, *others])
        return ResidentRows(
            rows=tuple(self._seal(one.id, wave, one.pseudonym) for one in people[: len(wave.newest)]),
            references=people[len(wave.newest) :],
            gone=tuple(sorted(wave.gone)),
        )

    def _seal(self, id_: PersonId, wave: ResidentWave, key: Pseudonym) -> ResidentRow:
        """Seal the contact points; a protected person has none (B7)."""
        change = wave.newest[key]
        return ResidentRow(
            id=id_,
            change=change,
            protected_at=wave.protected_at[key] if change.protected else None,
            phone=None if change.protected else self._contacts.phone(change.phone),
            email=None if change.protected else self._contacts.email(change.email),
        )


class ProxyLayout:
    """Lays links out as rows, with ids for people nobody has heard of yet."""

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy

    def __call__(self, stretch: Stretch[ProxyChange], _now: datetime) -> tuple[list[ProxyRows], int]:
        """Give the rows of a stretch; there are no test links."""
        return [self._lay_out(wave) for wave in fold_proxies(stretch.changes)], 0

    def _lay_out(self, wave: ProxyWave) -> ProxyRows:
        people = sorted({person for link in (*wave.newest, *wave.gone) for person in link})
        return ProxyRows(
            rows=tuple(wave.newest.values()),
            references=introduce(self._entropy, people),
            gone=tuple(sorted(wave.gone)),
        )
