"""Our own keys: 256 random bits in files, one folder per use (B40)."""

import os
import stat
from pathlib import Path

import pytest

from notifier.domain.faults import Misconfigured
from notifier.settings import Use, make_keys, read_keys
from notifier.wire.keys import newest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_keys(tmp_path / "keys")
    return tmp_path / "keys"


def write(path: Path, secret: bytes) -> None:
    path.write_bytes(secret)
    path.chmod(0o600)


@pytest.mark.holds("B40")
def test_made_keys_are_closed_apart_per_use_and_stay(folder: Path) -> None:
    first = read_keys(folder)
    make_keys(folder)

    secrets = {getattr(first, use)[0].secret for use in Use}
    assert len(secrets) == len(Use) == 6
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.glob("*/*.key")} == {0o600}
    assert {path.name for path in folder.glob("*/*")} == {"1.key"}
    assert read_keys(folder) == first


@pytest.mark.holds("B40")
def test_all_keys_of_a_use_are_read_with_their_ids_and_the_newest_is_used(folder: Path) -> None:
    secret = os.urandom(32)
    write(folder / "person" / "12.key", secret)

    keys = read_keys(folder).person

    assert {key.id for key in keys} == {1, 12}
    assert newest(keys).secret == secret


@pytest.mark.holds("B40")
def test_a_role_reads_only_the_keys_it_mounts(folder: Path) -> None:
    (folder / "person" / "1.key").unlink()

    keys = read_keys(folder, Use.CONTACT, Use.DEAD_LETTER)

    assert (len(keys.person), len(keys.contact), len(keys.dead_letter)) == (0, 1, 1)


@pytest.mark.holds("B40", "I10")
def test_every_weak_open_doubled_or_misnamed_key_is_said_without_a_byte_of_it(folder: Path) -> None:
    shared = os.urandom(32)
    write(folder / "person" / "1.key", b"correct horse battery staple 123")
    write(folder / "contact" / "1.key", bytes(range(32)))
    write(folder / "index" / "1.key", os.urandom(31))
    write(folder / "receipt" / "1.key", shared)
    write(folder / "audit" / "1.key", shared)
    write(folder / "audit" / "new.key", os.urandom(32))
    (folder / "dead_letter" / "1.key").unlink()

    with pytest.raises(Misconfigured) as refused:
        read_keys(folder)

    said = {fault.partition(": ")[0]: fault for fault in refused.value.faults}
    assert len(refused.value.faults) == 6
    assert all("is not 32 random bytes" in said[str(folder / use / "1.key")] for use in ("person", "contact", "index"))
    assert "is the same key as" in said[str(folder / "audit" / "1.key")]
    assert "is not named after its id" in said[str(folder / "audit" / "new.key")]
    assert "holds no key" in said[str(folder / "dead_letter")]
    assert "horse" not in str(refused.value)
    assert shared.hex() not in str(refused.value)
