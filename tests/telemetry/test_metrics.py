"""Every fact becomes metrics, and no label can grow without bound (R42, I10)."""

import io
from datetime import datetime, timedelta
from typing import get_args

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from notifier.dispatch.facts import Fact
from notifier.telemetry import Telemetry, start_logs
from notifier.telemetry.bounds import MOST_VALUES, Bounded
from tests.telemetry.cast import FACTS, GAUGES, NOW

LABELS = {
    "topic", "fate", "verdict", "reason", "end", "platform", "kind", "outcome", "trouble", "fault", "part", "lane",
    "what", "step", "health",
}  # fmt: skip
"""Each is an enum of ours, a configured name, or bounded."""
FOREIGN_LABELS = {"le", "generation", "version", "implementation", "major", "minor", "patchlevel"}


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry(start_logs("error", io.BytesIO()), lambda: NOW)


def values(telemetry: Telemetry) -> dict[tuple[str, ...], float]:
    """Give each sample by name and label values, sorted, because their order is Prometheus' own."""
    _, text = telemetry.render()
    return {
        (sample.name.removeprefix("notifier_"), *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


@pytest.mark.holds("R42")
def test_every_kind_of_fact_is_tried_here() -> None:
    assert {type(fact) for fact in FACTS} == set(get_args(Fact))


@pytest.mark.holds("R42")
def test_facts_are_counted_by_verdict_reason_platform_and_outcome(telemetry: Telemetry) -> None:
    for fact in FACTS:
        telemetry.observe(fact)

    found = values(telemetry)
    expected = {
        ("records_total", "1177.events", "opened"): 6,
        ("records_total", "1177.events", "duplicate"): 2,
        ("verdicts_total", "push", "none"): 4,
        ("verdicts_total", "skip", "muted"): 2,
        ("verdicts_total", "hold", "feed_stale"): 1,
        ("dead_letters_total", "1177.events", "not_json"): 1,
        ("ends_total", "unreachable"): 2,
        ("ends_total", "delivered_unseen"): 1,
        ("attempts_total", "apns:production:se.1177.app", "ios", "alert", "accepted", "none"): 1,
        ("attempts_total", "fcm:production", "android", "badge", "again", "busy"): 1,
        ("settlements_total",): 9,
        ("relayed_messages_total",): 11,
        ("halved_batches_total", "CheckViolationError"): 1,
        ("fenced_partitions_total", "1177.events"): 1,
        ("waits_total", "postgres", "ConnectionRefusedError"): 1,
        ("dropped_total", "fcm:production", "lease"): 5,
        ("rejudged_total", "held", "skip", "unknown_person"): 2,
        ("projection_records_total", "1177.residents", "applied"): 7,
        ("projection_records_total", "1177.residents", "stale"): 2,
        ("brakes_total", "1177.residents", "tombstone"): 1,
        ("waiting_deliveries", "apns:production:se.1177.app"): 7,
        ("held_events",): 3,
        ("outbox_rows",): 5,
        ("quiet_pushes",): 2,
        ("projection_age_seconds", "residents"): 90,
        ("projection_age_seconds", "proxies"): float("inf"),
        ("days_ahead",): 14,
        ("in_flight", "fcm:production"): 12,
        ("in_flight_limit", "fcm:production"): 150,
        ("connections", "fcm:production"): 3,
        ("provider_token_age_seconds", "fcm:production"): 70,
        ("lane_health", "fcm:production", "slow"): 1,
        ("lane_health", "fcm:production", "ready"): 0,
        ("lane_health", "fcm:production", "stopped"): 0,
        ("halts",): 1,
        ("oldest_waiting_seconds",): 4,
        ("badge_drift",): 6,
        ("intake_lag_seconds_count", "1177.events"): 1,
        ("accepted_after_seconds_sum", "ios"): 0.1,
        ("provider_reply_seconds_sum", "fcm:production"): 0.5,
        ("step_seconds_count", "decode"): 1,
        ("record_seconds_count",): 1,
        ("projection_seconds_count", "1177.residents"): 1,
    }
    assert {key: found.get((key[0], *sorted(key[1:]))) for key in expected} == expected


@pytest.mark.holds("R42", "B21")
def test_a_projection_grows_old_though_nobody_reads_its_gauges() -> None:
    now = NOW
    telemetry = Telemetry(start_logs("error", io.BytesIO()), lambda: now)
    telemetry.observe(GAUGES)
    now += timedelta(hours=1)

    assert values(telemetry)["projection_age_seconds", "residents"] == 3690


@pytest.mark.holds("R42")
def test_what_a_lane_holds_is_read_when_asked(telemetry: Telemetry) -> None:
    held = [1]
    telemetry.watch("fcm:production", lambda: held[0])
    held[0] = 42

    assert values(telemetry)["lane_held", "fcm:production"] == 42


@pytest.mark.holds("R42", "I10")
def test_only_labels_of_a_closed_list_are_used(telemetry: Telemetry) -> None:
    for fact in FACTS:
        telemetry.observe(fact)
    telemetry.watch("fcm:production", lambda: 0)

    _, text = telemetry.render()
    labels = {
        label
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
        for label in sample.labels
    }
    assert labels <= LABELS | FOREIGN_LABELS
    assert labels >= LABELS


@pytest.mark.holds("R42")
def test_a_label_that_could_grow_stops_at_its_bound(telemetry: Telemetry) -> None:
    for number in range(1000):
        telemetry.observe(msgspec.structs.replace(GAUGES, waiting={f"lane-{number}": 1}))
        telemetry.observe(msgspec.structs.replace(FACTS[4], fault=f"Fault{number}"))

    names = [name for name in values(telemetry) if name[0] == "halved_batches_total"]
    assert len(names) == MOST_VALUES + 1
    assert Bounded(1)("first") == "first"


@pytest.mark.holds("I10", "R41")
@pytest.mark.parametrize("kind", get_args(Fact), ids=lambda kind: kind.__name__)
def test_no_fact_can_hold_anything_of_a_person(kind: type[msgspec.Struct]) -> None:
    """Numbers, durations, instants of feeds and words of closed lists; no id, no bytes, no free text."""
    codes = {
        "topic", "fault", "part", "lane", "health", "platform", "kind", "outcome", "trouble", "reason", "what",
    }  # fmt: skip
    for field in msgspec.inspect.type_info(kind).fields:  # type: ignore[union-attr]
        simple = field.type
        if isinstance(simple, msgspec.inspect.UnionType):
            (simple,) = (one for one in simple.types if not isinstance(one, msgspec.inspect.NoneType))
        if isinstance(simple, msgspec.inspect.DictType):
            assert isinstance(simple.value_type, msgspec.inspect.IntType | msgspec.inspect.TimeDeltaType)
        elif isinstance(simple, msgspec.inspect.StrType | msgspec.inspect.EnumType):
            assert field.name in codes
        else:
            assert isinstance(
                simple,
                msgspec.inspect.IntType
                | msgspec.inspect.BoolType
                | msgspec.inspect.TimeDeltaType
                | msgspec.inspect.DateTimeType,
            )
            assert not field.name.endswith(("id", "key", "person", "recipient", "subject", "token"))


@pytest.mark.holds("R42")
def test_the_clock_of_projections_is_the_business_one() -> None:
    """The sandbox moves it (A34): an age never comes from the machine's clock."""
    telemetry = Telemetry(start_logs("error", io.BytesIO()), lambda: datetime(2030, 1, 1, tzinfo=NOW.tzinfo))
    telemetry.observe(GAUGES)

    age = values(telemetry)["projection_age_seconds", "residents"]
    assert timedelta(seconds=age) > timedelta(days=1000)
