"""The phones on the board: one that is replaced is shown, whenever its first change was read."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from notifier.app.sandbox.board import Board
from notifier.app.sandbox.phones import Shown, ShownPhone
from notifier.app.sandbox.pocket import Pocket
from notifier.sandbox import make_handsets, make_people
from notifier.sandbox.views import PhoneView

SLUG = "olle-android"
PEOPLE = make_people(datetime(2026, 11, 22, tzinfo=UTC).date())
OLD, NEW = (make_handsets(PEOPLE, {SLUG: generation})[SLUG] for generation in (0, 1))


class Simulators:
    """Phones with the version of their last change, as `GET /phones?since=` tells of them."""

    def __init__(self) -> None:
        self.changed: dict[str, tuple[int, ShownPhone]] = {}

    def touch(self, token: str, badge: int) -> None:
        phone = ShownPhone(
            token=token, badge=badge, received=badge, sounds=0, online=True, waiting=0, revoked=False, doubled=0,
            entries=(), more=0,
        )  # fmt: skip
        self.changed[token] = (self._version() + 1, phone)

    async def read(self, since: int, _entries: int) -> Shown:
        phones = tuple(phone for version, phone in self.changed.values() if version > since)
        return Shown(run="one", version=self._version(), phones=phones)

    def _version(self) -> int:
        return max((version for version, _phone in self.changed.values()), default=0)


@pytest.mark.holds("R45")
async def test_a_new_phone_is_shown_that_was_read_of_before_its_owner_had_it() -> None:
    simulators, board = Simulators(), Board()
    house = SimpleNamespace(contract=SimpleNamespace(catalogue=SimpleNamespace(texts={})))
    world: Any = SimpleNamespace(house=house, handsets={SLUG: OLD}, orders=simulators)
    pocket = Pocket(world, board)
    simulators.touch(OLD.token, badge=6)
    await _look(pocket)
    assert _badge(board) == 6
    simulators.touch(NEW.token, badge=0)
    await _look(pocket)
    world.handsets = {SLUG: NEW}
    await _look(pocket)
    assert _badge(board) == 0


async def _look(pocket: Pocket) -> None:
    for _again in range(3):
        await pocket.look()


def _badge(board: Board) -> int:
    view = board.view(f"phone-{SLUG}")
    assert isinstance(view, PhoneView)
    return view.state.badge
