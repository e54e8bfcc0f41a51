"""Keys, pseudonyms, blind indexes and seals (DESIGN 5, B40)."""

import hashlib
import hmac
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.wire.keys import Key, newest, weak
from notifier.wire.numbers import parse_subject
from notifier.wire.pseudonyms import BlindIndex, Pseudonymiser
from notifier.wire.seals import Sealer, SealFault
from tests.wire.samples import KEY, OTHER_KEY, TOLVAN

NUMBER = parse_subject(TOLVAN)


@pytest.mark.holds("B40")
def test_a_pseudonym_is_hmac_sha256_of_the_number_under_the_person_key() -> None:
    assert Pseudonymiser(KEY).pseudonym(NUMBER) == hmac.new(KEY.secret, TOLVAN.encode(), hashlib.sha256).digest()


@pytest.mark.holds("B40")
@given(st.binary(min_size=1, max_size=64), st.text(max_size=80))
def test_a_pseudonym_agrees_with_the_library_for_any_key_and_text(secret: bytes, text: str) -> None:
    made = Pseudonymiser(Key(id=7, secret=secret)).pseudonym(text)  # type: ignore[arg-type]
    assert made == hmac.digest(secret, text.encode(), "sha256")


@pytest.mark.holds("B40")
def test_while_keys_rotate_both_pseudonyms_are_known_and_the_newest_is_used() -> None:
    rotating = Pseudonymiser(KEY, OTHER_KEY)
    assert rotating.key_id == OTHER_KEY.id
    assert list(rotating.pseudonyms(NUMBER)) == [2, 1]
    assert rotating.pseudonyms(NUMBER)[1] == Pseudonymiser(KEY).pseudonym(NUMBER)
    assert rotating.pseudonyms(NUMBER)[2] == rotating.pseudonym(NUMBER)
    assert newest((OTHER_KEY, KEY)) is OTHER_KEY


@pytest.mark.holds("B40", "I10")
def test_a_key_does_not_show_its_secret() -> None:
    assert repr(KEY) == f"{KEY}" == "Key(id=1)"


@pytest.mark.holds("B40")
@pytest.mark.parametrize(
    "secret",
    [
        b"",
        KEY.secret[:31],
        KEY.secret + b"x",
        b"\0" * 32,
        b"k" * 32,
        bytes(range(32)),
        bytes(range(255, 223, -1)),
        bytes(range(100, 132)),
        bytes(step * 7 % 256 for step in range(32)),
        KEY.secret[:16] * 2,
        b"correct horse battery staple 123",
        KEY.secret.hex()[:32].encode(),
    ],
)
def test_a_key_that_cannot_be_random_is_weak(secret: bytes) -> None:
    assert weak(secret)


@pytest.mark.holds("B40")
def test_a_random_key_is_not_weak() -> None:
    assert not weak(KEY.secret)
    assert not any(weak(os.urandom(32)) for _ in range(200))


@pytest.mark.holds("B40")
def test_a_blind_index_finds_equals_and_keeps_kinds_and_keys_apart() -> None:
    index, other = BlindIndex(KEY), BlindIndex(OTHER_KEY)
    assert index.email("Anna@Example.SE") == index.email("anna@example.se")
    assert len({index.phone("1"), index.email("1"), index.token(b"1"), other.phone("1"), index.phone("2")}) == 5
    assert {len(index.phone("1")), len(index.email("1")), len(index.token(b"1"))} == {32}


def _sealer(*keys: Key) -> Sealer:
    return Sealer(*keys, entropy=os.urandom)


@pytest.mark.holds("B40")
@given(st.binary(max_size=300), st.binary(max_size=40))
def test_what_was_sealed_opens_and_no_two_seals_are_alike(plain: bytes, aad: bytes) -> None:
    sealer = _sealer(KEY)
    sealed = sealer.seal(plain, aad)
    assert sealer.open(sealed, aad) == plain
    assert sealed != sealer.seal(plain, aad)
    assert len(sealed) == 3 + 12 + len(plain) + 16


@pytest.mark.holds("B40")
def test_a_seal_names_its_format_its_key_and_the_nonce_that_was_given() -> None:
    sealed = Sealer(OTHER_KEY, entropy=lambda length: b"n" * length).seal(b"plain", b"aad")
    assert sealed[:15] == b"\x01\x00\x02" + b"n" * 12


@pytest.mark.holds("B40")
def test_after_a_rotation_old_seals_open_and_new_ones_use_the_new_key() -> None:
    old = _sealer(KEY).seal(b"+46701234567", b"phone")
    rotated = _sealer(KEY, OTHER_KEY)
    assert rotated.open(old, b"phone") == b"+46701234567"
    assert _sealer(OTHER_KEY).open(rotated.seal(b"x", b""), b"") == b"x"
    assert _sealer(OTHER_KEY).open(old, b"phone") is SealFault.UNKNOWN_KEY


@pytest.mark.holds("B40", "I10")
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_seal_does_not_open(place: int, change: int) -> None:
    sealer = _sealer(KEY, OTHER_KEY)
    sealed = bytearray(sealer.seal(b"plain", b"aad"))
    sealed[place % len(sealed)] ^= change
    assert isinstance(sealer.open(bytes(sealed), b"aad"), SealFault)


@pytest.mark.holds("B40")
def test_a_seal_for_another_purpose_under_another_secret_or_cut_short_is_broken() -> None:
    sealed = _sealer(KEY).seal(b"plain", b"aad")
    assert _sealer(KEY).open(sealed, b"other") is SealFault.BROKEN
    assert _sealer(Key(id=KEY.id, secret=OTHER_KEY.secret)).open(sealed, b"aad") is SealFault.BROKEN
    assert _sealer(KEY).open(sealed[:30], b"aad") is SealFault.BROKEN
    assert _sealer(KEY).open(b"", b"aad") is SealFault.BROKEN
    assert _sealer(KEY).open(b"\x02" + sealed[1:], b"aad") is SealFault.BROKEN
