"""A connection belongs to the key and team of its first push (protocols.md 2.4 and 2.7)."""

import time
from pathlib import Path

import pytest

from notifier.simulators.provider_token import ProviderTokens
from tests.simulators.signing import read_ec_key, sign_provider_token


@pytest.mark.holds("R12")
@pytest.mark.parametrize("changes", [{"kid": "ANOTHERKEY"}, {"iss": "OTHERTEAM1"}])
def test_the_first_key_and_team_bind_a_connection(made_up: Path, changes: dict[str, object]) -> None:
    key = read_ec_key(made_up / "apns.p8")
    tokens = ProviderTokens(key.public_key(), None, None)
    first, other = sign_provider_token(key), sign_provider_token(key, **changes)
    told = [tokens.judge(token, connection, time.time()) for token, connection in ((first, "1"), (other, "1"))]
    assert told == ["", "UnrelatedKeyIdInToken"]
    assert tokens.judge(other, "2", time.time()) == ""
