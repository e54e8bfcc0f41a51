"""The newest badge that this process knows of each recipient: what is encoded, also on a retry (R14)."""

from collections import OrderedDict

from notifier.dispatch.batches import Badge
from notifier.domain.identifiers import PersonId

_MOST = 50_000


class Badges:
    """Remembers badges by version, the least recently touched forgotten first."""

    def __init__(self) -> None:
        self._known: OrderedDict[PersonId, Badge] = OrderedDict()

    def newest(self, recipient: PersonId, badge: Badge) -> Badge:
        """Give the newer of what is known and `badge`, and remember it."""
        known = self._known.get(recipient)
        if known is None or known.version < badge.version:
            known = self._known[recipient] = badge
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        self._known.move_to_end(recipient)
        return known
