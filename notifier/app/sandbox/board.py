"""What the page shows at this moment, piece by piece, with the order in which pieces changed."""

import secrets
from collections.abc import Iterator

import msgspec


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of the page: the fragment that shows it, and its values."""

    id: str
    fragment: str
    view: object
    born: int
    """The version with which it was first shown: what is new on a page stands in this order."""
    version: int


class Board:
    """Pieces by id; whoever watches asks for what changed after the version that it knows."""

    def __init__(self) -> None:
        self.run = secrets.token_hex(8)
        self.version = 0
        self._pieces: dict[str, Piece] = {}

    def put(self, id: str, fragment: str, view: object) -> None:
        """Show a view; one that is shown already changes nothing."""
        shown = self._pieces.get(id)
        if shown is not None and shown.view == view:
            return
        self._pieces.pop(id, None)
        self.version += 1
        born = self.version if shown is None else shown.born
        self._pieces[id] = Piece(id=id, fragment=fragment, view=view, born=born, version=self.version)

    def drop(self, id: str) -> None:
        """Show a piece no more."""
        self._pieces.pop(id, None)

    def view(self, id: str) -> object:
        """Give what a piece shows; None for none."""
        piece = self._pieces.get(id)
        return None if piece is None else piece.view

    def changed(self, since: int) -> list[Piece]:
        """Give the pieces that changed after a version, in the order in which they were first shown."""
        return sorted(self._newest(since), key=lambda piece: piece.born)

    def _newest(self, since: int) -> Iterator[Piece]:
        for piece in reversed(self._pieces.values()):
            if piece.version <= since:
                return
            yield piece
