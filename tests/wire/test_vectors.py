"""What the page for app developers says is how it is: its code opens its vectors (A32, B9)."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from notifier.wire.details import open_details
from tests.schemas.files import SCHEMAS
from tests.wire.clear import APNS_BODY, FCM_BODY
from tests.wire.vectors import DEVICE, FILE, KEY_ID, write_vectors

PAGE = (SCHEMAS / "push.md").read_text("utf-8")
VECTORS = json.loads(FILE.read_text("utf-8"))
GOOD, BAD, KEY = VECTORS["good"], VECTORS["bad"], VECTORS["key"]
CONTENT_KEY = bytes.fromhex(KEY["content_key"])


@pytest.fixture(scope="module")
def opener() -> Callable[[dict[str, str], str, bytes], dict[str, Any]]:
    """Give the page's own function."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names = {"AESGCM": AESGCM, "UUID": UUID, "json": json, "urlsafe_b64decode": urlsafe_b64decode}
    exec(code, names)
    return names["open_details"]


@pytest.mark.holds("A32", "R16")
def test_the_vectors_are_what_notifier_sends() -> None:
    assert FILE.read_text("utf-8") == write_vectors()


@pytest.mark.holds("A32", "B9", "R16")
@pytest.mark.parametrize("vector", GOOD, ids=lambda vector: vector["name"])
def test_the_code_of_the_page_opens_the_push_of_either_provider(vector: dict, opener: Callable[..., Any]) -> None:
    for push in (vector, vector["apns"], vector["fcm"]["message"]["data"]):
        assert opener(push, KEY["device"], CONTENT_KEY) == vector["details"]


@pytest.mark.holds("A32", "B9")
@pytest.mark.parametrize("vector", GOOD, ids=lambda vector: vector["name"])
def test_a_seal_is_nonce_ciphertext_and_tag_bound_to_device_push_and_key_id(vector: dict) -> None:
    sealed = urlsafe_b64decode(vector["s"] + "=" * (-len(vector["s"]) % 4))
    assert sealed[:12].hex() == vector["nonce"]
    assert len(sealed) == 12 + vector["bytes"] + 16
    assert vector["bytes"] in (256, 512, 1024)
    assert vector["authenticated"] == KEY["device"] + UUID(vector["id"]).hex + KEY["k"].encode().hex()


@pytest.mark.holds("A32", "B9")
@pytest.mark.parametrize("vector", BAD, ids=lambda vector: vector["name"])
def test_what_must_not_open_opens_nowhere(vector: dict, opener: Callable[..., Any]) -> None:
    device = vector.get("device", KEY["device"])
    with pytest.raises((InvalidTag, ValueError)):
        opener(vector, device, CONTENT_KEY)
    sealed = urlsafe_b64decode(vector["s"] + "=" * (-len(vector["s"]) % 4))
    with pytest.raises(ValueError, match=r"not for this device|Nonce"):
        open_details(
            sealed,
            content_key=CONTENT_KEY,
            device=type(DEVICE)(int(device, 16)),
            push_id=UUID(vector["id"]).bytes,
            key_id=vector["k"],
        )


@pytest.mark.holds("A32", "R7", "R15")
def test_the_vectors_cover_own_and_child_and_more_than_one_size() -> None:
    assert {vector["details"]["about"] is None for vector in GOOD} == {True, False}
    assert len({vector["bytes"] for vector in GOOD}) > 1
    assert all(vector["details"]["link"].endswith(vector["details"]["matter"]) for vector in GOOD)
    assert all(vector["k"] == KEY_ID for vector in GOOD)


@pytest.mark.holds("R16", "B8")
def test_the_page_names_every_field_that_stands_in_clear() -> None:
    written = set(re.findall(r"[a-z_-]+", PAGE))
    named = {field.rpartition(".")[2] for field in (*APNS_BODY, *FCM_BODY)} - {"*"}
    assert named - {"token", "visibility", "ttl", "content-available"} <= written
