"""What leaves the house about a record: dead letters and statuses (DESIGN 8, B24, A27)."""

import hashlib
from datetime import datetime, timedelta, timezone

import orjson
import pytest

from notifier.domain.faults import Poison
from notifier.domain.reasons import DeadLetterReason, End, PublicReason
from notifier.domain.statuses import State
from notifier.wire.letters import SENTENCES, encode_dead_letter, explain
from notifier.wire.records import bury
from notifier.wire.statuses import encode_status, status_key
from tests.wire.samples import TOLVAN, record


@pytest.mark.holds("B24")
@pytest.mark.parametrize("reason", list(DeadLetterReason))
def test_every_reason_has_one_sentence_that_says_what_and_what_to_do(reason: DeadLetterReason) -> None:
    for field in (None, "/data/matter"):
        sentence = explain(reason, field)
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert len(sentence) > 40
    assert len(set(SENTENCES.values())) == len(DeadLetterReason)


@pytest.mark.holds("B24")
def test_a_sentence_names_its_field() -> None:
    assert "/time" in explain(DeadLetterReason.TIME_INVALID, "/time")
    assert "the record" in explain(DeadLetterReason.NUL_CHARACTER, None)


@pytest.mark.holds("B24", "I10")
def test_a_dead_letter_has_the_published_form_and_none_of_the_record() -> None:
    raw = record(f'{{"subject": "{TOLVAN}"}}'.encode(), key=TOLVAN.encode())
    poison = Poison(DeadLetterReason.SCHEMA_VIOLATED, "/data/matter")
    written = encode_dead_letter(bury(raw, poison, "urn:se:1177:inkorg", "7f0c"))
    assert orjson.loads(written) == {
        "topic": "1177.events",
        "partition": 3,
        "offset": 41,
        "reason": "schema_violated",
        "field": "/data/matter",
        "message": explain(DeadLetterReason.SCHEMA_VIOLATED, "/data/matter"),
        "source": "urn:se:1177:inkorg",
        "id": "7f0c",
    }
    assert list(orjson.loads(written)) == ["topic", "partition", "offset", "reason", "field", "message", "source", "id"]


@pytest.mark.holds("B24")
def test_what_may_not_be_shown_is_null() -> None:
    letter = orjson.loads(encode_dead_letter(bury(record(None), Poison(DeadLetterReason.EMPTY))))
    assert (letter["field"], letter["source"], letter["id"]) == (None, None, None)


@pytest.mark.holds("A27", "B6")
def test_a_status_has_the_published_form_in_utc() -> None:
    at = datetime(2026, 11, 22, 9, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=1)))
    assert orjson.loads(encode_status("urn:a", "1", 0, at, State.DUPLICATE, PublicReason.DUPLICATE)) == {
        "source": "urn:a",
        "id": "1",
        "seq": 0,
        "at": "2026-11-22T08:00:00.250000Z",
        "state": "duplicate",
        "reason": "duplicate",
    }
    ended = orjson.loads(encode_status("urn:a", "1", 7, at, End.SEEN, None))
    assert (ended["seq"], ended["state"], ended["reason"]) == (7, "seen", None)
    rejected = orjson.loads(encode_status("urn:a", "1", 0, at, State.REJECTED, DeadLetterReason.ID_REUSED))
    assert rejected["reason"] == "id_reused"


@pytest.mark.holds("A27")
def test_the_key_of_a_status_is_the_hash_of_source_and_id() -> None:
    assert status_key("urn:a", "1") == hashlib.sha256(b"urn:a\x001").digest()
    assert status_key("a", "b\x00c") != status_key("a", "bc")


@pytest.mark.holds("B6")
def test_the_steps_are_those_of_the_published_list() -> None:
    published = {"accepted", "duplicate", "rejected", "held", "pushed", "sms_sent", "email_sent"}
    assert {step.value for step in State} == published
