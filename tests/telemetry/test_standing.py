"""How the lanes are: every second for the metrics, a line only when one turns, a value for later decisions."""

from datetime import timedelta

import pytest

from notifier.app.standing import Standing
from notifier.dispatch.facts import Fact
from notifier.dispatch.lane_facts import LaneRead, LaneTurned
from notifier.domain.health import Health, LaneState

FCM = "fcm:production"
WRONG = "The FCM service account file /keys/fcm.json is not the JSON that Google hands out."


@pytest.mark.holds("R42", "R13")
def test_a_line_is_said_when_a_lane_turns_and_never_again_for_the_same() -> None:
    facts: list[Fact] = []
    standing = Standing(facts.append)
    assert standing.health(FCM) is Health.AWAY
    for health, fault in [
        (Health.READY, None), (Health.READY, None), (Health.STOPPED, None), (Health.STOPPED, None),
        (Health.READY, None), (Health.READY, WRONG), (Health.READY, WRONG), (Health.READY, None),
    ]:  # fmt: skip
        standing.hear(LaneState(lane=FCM, health=health, fault=fault, in_flight=3, token_age=timedelta(minutes=2)))
        assert standing.health(FCM) is health

    turns = [fact for fact in facts if isinstance(fact, LaneTurned)]
    assert [(turn.health, turn.key_refused) for turn in turns] == [
        (Health.STOPPED, False), (Health.READY, False), (Health.READY, True), (Health.READY, False),
    ]  # fmt: skip
    reads = [fact for fact in facts if isinstance(fact, LaneRead)]
    assert len(reads) == 8
    assert {(read.in_flight, read.token_age) for read in reads} == {(3, timedelta(minutes=2))}


@pytest.mark.holds("R42")
def test_operators_read_which_key_cannot_be_used() -> None:
    standing = Standing(lambda _fact: None)
    standing.hear(LaneState(lane=FCM, health=Health.READY, fault=WRONG))
    standing.hear(LaneState(lane="apns:production:se.1177.app", health=Health.SLOW))
    assert standing.describe() == {
        FCM: {"health": "ready", "fault": WRONG},
        "apns:production:se.1177.app": {"health": "slow"},
    }
