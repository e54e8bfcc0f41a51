"""What only the device may read."""

import json
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.identifiers import DeviceId
from notifier.wire.details import Details, seal_details, write_details
from tests.wire.parcels import PUSH_ID

KEY = bytes(range(32))
NONCE = bytes(range(12))
DEVICE = DeviceId(0x0102030405060708)
DETAILS = Details(
    type="se.1177.booking.changed.v1",
    unit="SE2321000016-A1B2",
    matter="m-8812",
    happens_at=datetime(2026, 12, 1, 8, 30, tzinfo=UTC),
    link="https://e-tjanster.1177.se/tidbokning/m-8812",
    about=None,
)


def seal(written: bytes) -> bytes:
    return seal_details(written, content_key=KEY, nonce=NONCE, device=DEVICE, push_id=PUSH_ID, key_id="k1")


@pytest.mark.holds("A32")
def test_details_are_this_json_and_nothing_else() -> None:
    assert json.loads(write_details(DETAILS)) == {
        "v": 1,
        "type": "se.1177.booking.changed.v1",
        "unit": "SE2321000016-A1B2",
        "matter": "m-8812",
        "happens_at": "2026-12-01T08:30:00Z",
        "link": "https://e-tjanster.1177.se/tidbokning/m-8812",
        "about": None,
    }


@pytest.mark.holds("A32", "R7")
def test_a_child_is_named_by_a_random_id_only() -> None:
    details = Details(
        type="t",
        unit="u",
        matter="m",
        happens_at=None,
        link="l",
        about=bytes.fromhex("00112233445566778899aabbccddeeff"),
    )

    assert json.loads(write_details(details))["about"] == "00112233-4455-6677-8899-aabbccddeeff"


@pytest.mark.holds("A32")
@given(st.integers(0, 2000))
def test_the_length_says_only_which_of_three_sizes(length: int) -> None:
    details = Details(type="t", unit="u", matter="m", happens_at=None, link="x" * length, about=None)
    bare = '{"v":1,"type":"t","unit":"u","matter":"m","happens_at":null,"link":"","about":null}'
    written = len(bare) + length

    if written > 1024:
        with pytest.raises(ValueError, match="1024"):
            write_details(details)
    else:
        assert len(write_details(details)) == min(size for size in (256, 512, 1024) if written <= size)


@pytest.mark.holds("B9", "A32", "R16")
def test_the_device_opens_the_seal_with_its_key_and_the_ids_of_the_push() -> None:
    sealed = seal(write_details(DETAILS))

    authenticated = bytes.fromhex("0102030405060708") + PUSH_ID + b"k1"
    assert sealed[:12] == NONCE
    assert len(sealed) == 12 + 256 + 16
    assert AESGCM(KEY).decrypt(sealed[:12], sealed[12:], authenticated) == write_details(DETAILS)


@pytest.mark.holds("B9")
@pytest.mark.parametrize(
    "authenticated",
    [
        bytes.fromhex("0102030405060709") + PUSH_ID + b"k1",
        bytes.fromhex("0102030405060708") + bytes(16) + b"k1",
        bytes.fromhex("0102030405060708") + PUSH_ID + b"k2",
    ],
    ids=["another device", "another notice", "another key id"],
)
def test_a_seal_opens_nowhere_else(authenticated: bytes) -> None:
    sealed = seal(write_details(DETAILS))

    with pytest.raises(InvalidTag):
        AESGCM(KEY).decrypt(sealed[:12], sealed[12:], authenticated)
