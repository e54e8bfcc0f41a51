import os
import socket
import stat
from pathlib import Path

import pytest

from notifier.domain.faults import Misconfigured
from notifier.embedded import clear_state, default_folder, open_state
from notifier.embedded import state as state_module
from notifier.embedded.ports import choose_port

pytestmark = pytest.mark.holds("R43", "A35")


def test_the_default_folder_is_named_after_user_and_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    here = default_folder()
    monkeypatch.setattr(state_module, "CHECKOUT", Path("/somewhere/else"))
    assert str(os.geteuid()) in here.name
    assert here.parent == default_folder().parent
    assert here != default_folder()


def test_others_can_neither_list_nor_write_the_folder(state: Path) -> None:
    mode = stat.S_IMODE(state.stat().st_mode)
    assert mode & (stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH) == 0
    assert mode & stat.S_IRWXU == stat.S_IRWXU


def test_a_second_run_of_one_checkout_is_refused_in_one_sentence(state: Path) -> None:
    with pytest.raises(Misconfigured) as refused, open_state(state):
        pass
    assert "Another run" in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_a_folder_is_free_again_after_its_run(folder: Path) -> None:
    for _ in range(2):
        with open_state(folder) as path:
            assert path == folder.resolve()


def test_a_full_disk_is_said_before_anything_starts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_module, "LEAST_FREE_BYTES", 1 << 62)
    with pytest.raises(Misconfigured, match="MiB are free"), open_state(folder):
        pass


def test_a_file_in_the_place_of_the_folder_is_refused(folder: Path) -> None:
    (folder / "file").touch()
    with pytest.raises(Misconfigured, match="STATE__DIR"), open_state(folder / "file"):
        pass


def test_clearing_removes_the_folder_but_not_under_a_run(folder: Path) -> None:
    inner = folder / "inner"
    with open_state(inner):
        with pytest.raises(Misconfigured, match="Another run"):
            clear_state(inner)
        assert inner.exists()
    clear_state(inner)
    assert not inner.exists()


def test_a_chosen_port_is_free_and_a_taken_one_is_refused_in_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", choose_port()))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Misconfigured) as refused:
            choose_port(port)
    assert str(port) in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert choose_port(port) == port
