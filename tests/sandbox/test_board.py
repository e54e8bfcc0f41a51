"""The board: who looks gets what changed after the version that they know, in the order in which it came."""

import pytest

from notifier.app.sandbox.board import Board


@pytest.mark.holds("R45")
def test_only_what_changed_is_given_in_the_order_in_which_it_came() -> None:
    board = Board()
    for name, view in (("a", 1), ("b", 1), ("a", 2), ("b", 1)):
        board.put(name, "phone", view)
    assert [(piece.id, piece.view) for piece in board.changed(0)] == [("a", 2), ("b", 1)]
    assert [piece.id for piece in board.changed(2)] == ["a"]
    board.drop("a")
    board.put("a", "phone", 3)
    assert [piece.id for piece in board.changed(0)] == ["b", "a"]
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
