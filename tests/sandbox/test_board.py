"""The board: who looks gets what changed after the version that they know, in the order of the changes."""

import pytest

from notifier.app.sandbox.board import Board


@pytest.mark.holds("R45")
def test_only_what_changed_is_given_in_the_order_of_the_changes() -> None:
    board = Board()
    for name, view in (("a", 1), ("b", 1), ("a", 2), ("b", 1)):
        board.put(name, "phone", view)
    assert [(piece.id, piece.view) for piece in board.changed(0)] == [("b", 1), ("a", 2)]
    assert [piece.id for piece in board.changed(2)] == ["a"]
    assert board.changed(board.version) == []


@pytest.mark.holds("R45")
def test_what_is_dropped_is_given_no_more() -> None:
    board = Board()
    board.put("a", "phone", 1)
    board.drop("a")
    assert (board.changed(0), board.view("a")) == ([], None)


@pytest.mark.holds("R45")
def test_every_start_has_another_name() -> None:
    assert Board().run != Board().run
