"""The phones of the made-up people, read from the simulators onto the board."""

from notifier.app.sandbox.board import Board
from notifier.app.sandbox.newest import Newest
from notifier.app.sandbox.phones import ShownPhone
from notifier.app.sandbox.screen import Scroll, tell_change
from notifier.app.sandbox.viewing import view_phone
from notifier.app.sandbox.world import World
from notifier.sandbox import Handset
from notifier.sandbox.views import EntryView

ENTRIES = 6
"""How many notifications of a phone are shown one by one."""
_MOST_KNOWN = 5_000


class Pocket:
    """Everybody's phones as they are now."""

    def __init__(self, world: World, board: Board) -> None:
        self._world, self._board = world, board
        self._version, self._run, self._handsets = 0, "", world.handsets
        self._scroll = Scroll()
        self._words = {text.key: text.words["sv"] for text in world.house.contract.catalogue.texts.values()}
        self._shown: dict[str, ShownPhone] = {}
        self._pushes = Newest[str, tuple[str, int]](_MOST_KNOWN)

    async def look(self) -> None:
        """Show the phones that changed; raises Unavailable."""
        handsets = self._world.handsets
        shown = await self._world.orders.read(self._version, ENTRIES)
        if shown.run != self._run or handsets is not self._handsets:
            # Other simulators, or a phone whose first change was read before anybody was known to have it.
            self._run, self._handsets, self._version = shown.run, handsets, 0
            return
        self._version = shown.version
        by_token = {one.token: one for one in handsets.values()}
        ours = [(by_token[phone.token], phone) for phone in shown.phones if phone.token in by_token]
        self._scroll.say([line for one in ours for line in self._show(*one)])

    def push_of(self, identity: str) -> tuple[str, int] | None:
        """Give phone and serial of the newest push with an identity that a phone showed; None where none did."""
        return self._pushes.get(identity)

    def entry(self, slug: str, key: str) -> EntryView | None:
        """Give a notification of a phone; None where it shows none such."""
        handset = self._world.handsets.get(slug)
        phone = None if handset is None else self._shown.get(handset.token)
        return None if phone is None else next((one for one in phone.entries if one.key == key), None)

    def _show(self, handset: Handset, phone: ShownPhone) -> list[str]:
        """Show a phone, and say in lines what is new on it."""
        lines = tell_change(handset, self._shown.get(phone.token), phone, self._words)
        self._shown[phone.token] = phone
        self._board.put(f"phone-{handset.slug}", "phone", view_phone(handset, phone))
        for entry in phone.entries:
            self._pushes.put(entry.identity, (handset.slug, entry.push))
        return lines
