"""A phone whose app is too old is told so at most once in a while, in the transaction that opens the notice (R19)."""

import asyncio
from datetime import datetime, timedelta
from typing import cast

import msgspec
import pytest

from notifier.domain.matters import Settled
from notifier.domain.plans import Opening
from notifier.postgres.outdated import tell_outdated
from notifier.postgres.pool import Connection, Pool
from tests.ledger.cast import ANNA, BERTIL, HELD, NOW, a_push
from tests.ledger.parts import an_event, an_opening
from tests.ledger.postgres_backend import PostgresBackend
from tests.ledger.scene import TOPIC, Scene

WEEK = timedelta(days=7)
FIRST, SECOND = an_event("e1", matter="m1"), an_event("e2", matter="m2")


def telling(opening: Opening) -> Opening:
    """Let every phone of an opening be one that was to be told, as far as was known when it was planned."""
    planned = tuple(
        msgspec.structs.replace(
            one, deliveries=tuple(msgspec.structs.replace(each, text_key="update") for each in one.deliveries)
        )
        for one in opening.planned
    )
    return msgspec.structs.replace(opening, planned=planned)


@pytest.mark.holds("R19")
async def test_each_phone_is_told_once_also_where_two_notices_of_a_batch_would(scene: Scene) -> None:
    opened = await scene.open(telling(an_opening(FIRST)), telling(an_opening(SECOND)), border=NOW - WEEK)

    assert await scene.backend.texts(FIRST.key) == {11: "own", 12: "own"}
    assert await scene.backend.texts(SECOND.key) == {11: "update", 12: "update"}
    assert [(due.event_id, due.delivery.text_key) for due in opened.due] == [
        *[("e1", "own")] * 2,
        *[("e2", "update")] * 2,
    ]


@pytest.mark.holds("R19")
async def test_who_was_told_meanwhile_gets_the_notice_and_is_told_again_after_a_week(scene: Scene) -> None:
    await scene.open(telling(an_opening(FIRST)), border=NOW - WEEK)
    almost, later = NOW + WEEK - timedelta(seconds=1), NOW + WEEK
    third, fourth = an_event("e3", matter="m3"), an_event("e4", matter="m4")

    await scene.open(telling(an_opening(SECOND)), border=NOW - WEEK)
    await scene.open(telling(an_opening(third, {ANNA: a_push(ANNA)})), border=almost - WEEK)
    await scene.open(telling(an_opening(fourth, {ANNA: a_push(ANNA)})), border=later - WEEK)

    assert await scene.backend.texts(FIRST.key) == {11: "update", 12: "update"}
    assert await scene.backend.texts(SECOND.key) == {11: "own", 12: "own"}
    assert await scene.backend.texts(third.key) == {11: "own", 12: "own"}
    assert await scene.backend.texts(fourth.key) == {11: "update", 12: "update"}


@pytest.mark.holds("R19")
async def test_a_notice_that_was_held_tells_when_it_goes_out(scene: Scene) -> None:
    await scene.open(an_opening(FIRST, {ANNA: HELD}))
    (held,) = await scene.backend.holdings.find_held(NOW + timedelta(seconds=11), 10)
    notices = {ANNA: held.notices[ANNA].id}

    await scene.reopen(telling(an_opening(FIRST, notices=notices)), border=NOW - WEEK)
    await scene.open(telling(an_opening(SECOND)), border=NOW - WEEK)

    assert await scene.backend.texts(FIRST.key) == {11: "update", 12: "update"}
    assert await scene.backend.texts(SECOND.key) == {11: "own", 12: "own"}


@pytest.mark.holds("R19")
async def test_what_is_claimed_again_says_what_it_said(scene: Scene) -> None:
    await scene.open(telling(an_opening(FIRST, leased=False)), border=NOW - WEEK)
    assert [one.text_key for one in await scene.claim()] == ["update", "update"]


@pytest.mark.holds("R19", "I8")
async def test_opening_waits_for_no_phone_that_somebody_else_holds(pool: Pool) -> None:
    backend = PostgresBackend(pool)
    await backend.settle_in(TOPIC)
    scene = Scene(backend)
    async with pool.acquire() as other, other.transaction():
        await other.execute("update device set parked_at = now() where id = 11")

        await scene.open(telling(an_opening(FIRST)), border=NOW - WEEK)

    assert await backend.texts(FIRST.key) == {11: "own", 12: "update"}


@pytest.mark.holds("R19")
async def test_phones_of_others_are_none_of_its_business(scene: Scene) -> None:
    theirs = an_event("e3", matter="m3", subject=BERTIL)
    opened = await scene.open(telling(an_opening(FIRST)), an_opening(theirs), border=NOW - WEEK)
    assert {due.delivery.text_key for due in opened.due if due.recipient == BERTIL} == {"own"}
    assert await scene.backend.texts(theirs.key) == {21: "own"}


@pytest.mark.holds("R19", "I3")
async def test_of_batches_that_open_side_by_side_one_tells_each_phone(pool: Pool) -> None:
    backend = PostgresBackend(pool)
    await backend.settle_in(TOPIC)
    await pool.execute("insert into intake_position values ($1, 1, 0, 0), ($1, 2, 0, 0)", TOPIC)
    events = [an_event(f"e{number}", matter=f"m{number}") for number in range(3)]
    scenes = [Scene(backend, partition) for partition in range(3)]

    async with asyncio.timeout(20):
        await asyncio.gather(*(
            scene.open(telling(an_opening(event)), border=NOW - WEEK)
            for scene, event in zip(scenes, events, strict=True)
        ))  # fmt: skip

    texts = [await backend.texts(event.key) for event in events]
    for phone in (11, 12):
        assert sorted(each[phone] for each in texts) == ["own", "own", "update"]


class NoDatabase:
    """Whatever is asked of it fails the test."""


@pytest.mark.holds("R19")
@pytest.mark.parametrize(("border", "told"), [(None, True), (NOW - WEEK, False)])
async def test_nothing_is_asked_while_no_version_is_too_old_or_no_phone_has_one(
    border: datetime | None, told: bool
) -> None:
    opening = an_opening(FIRST)
    planned = [
        (opening, Settled(planned=one, verdict=one.decision.verdict, collapse_id=one.collapse_id), delivery)
        for one in (telling(opening) if told else opening).planned
        for delivery in one.deliveries
    ]
    assert await tell_outdated(cast("Connection", NoDatabase()), planned, border, NOW) is planned
