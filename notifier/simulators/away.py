"""What a provider keeps for a phone that is away, as APNs (protocols 2.2, 2.3) and FCM (3.2) do; pure."""

import msgspec

from notifier.simulators.remembered import Act

# Firebase, "Non-collapsible and collapsible messages": at most 100 messages are stored without collapsing, and beyond
# them all that is stored is discarded; at most four collapse keys (protocols 3.2) are stored, and which is not said.
MOST_APART = 100
MOST_PLACES = 4


class Stay(msgspec.Struct, frozen=True, kw_only=True):
    """How long a provider keeps one push, and where: of one place it keeps the newest; None: a place of its own."""

    lasts_seconds: float
    expires_at_seconds: float | None = None
    """Of the epoch; whichever comes first."""
    place: str | None = None

    def until(self, now_seconds: float) -> float:
        """Say when the push ends, in seconds of the epoch."""
        last = now_seconds + self.lasts_seconds
        return last if self.expires_at_seconds is None else min(last, self.expires_at_seconds)


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """One accepted push on its way to its phone; `push` is its serial, 0 if none was given."""

    act: Act
    stay: Stay
    push: int = 0


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One push that is kept, and until when, in seconds of the epoch."""

    coming: Coming
    until_seconds: float


class Shelf(msgspec.Struct, kw_only=True):
    """What is kept for one phone, the oldest first."""

    waiting: list[Waiting] = []

    def keep(self, coming: Coming, now_seconds: float) -> None:
        """Keep a push if it outlasts this moment, and let go what it takes the place of."""
        until = coming.stay.until(now_seconds)
        if until <= now_seconds:
            return
        self.drop_expired(now_seconds)
        place = coming.stay.place
        if place is None:
            self._make_room_apart()
        else:
            self._make_room_at(place)
        self.waiting.append(Waiting(coming=coming, until_seconds=until))

    def drop_expired(self, now_seconds: float) -> bool:
        """Let go what has ended; True if there was such."""
        lasting = [one for one in self.waiting if one.until_seconds > now_seconds]
        ended = len(lasting) < len(self.waiting)
        self.waiting = lasting
        return ended

    def _make_room_apart(self) -> None:
        if sum(one.coming.stay.place is None for one in self.waiting) >= MOST_APART:
            self.waiting = []

    def _make_room_at(self, place: str) -> None:
        self.waiting = [one for one in self.waiting if one.coming.stay.place != place]
        placed = [one for one in self.waiting if one.coming.stay.place is not None]
        if len(placed) >= MOST_PLACES:
            self.waiting.remove(placed[0])
