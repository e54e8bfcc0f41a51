"""No identity number, pseudonym, token or contact point comes out, in whatever spelling (I10, B40)."""

import asyncio
from base64 import b64encode

import pytest

from notifier.domain.reasons import DeadLetterReason
from tests.whole.book import values
from tests.whole.commands import command
from tests.whole.misfortunes import publish_broken, tighten, withdraw
from tests.whole.needles import Needles
from tests.whole.people import make_adults
from tests.whole.quiet import settle
from tests.whole.secrets import person_ids, secrets_of
from tests.whole.traces import read_logs, read_outgoing, read_payloads, read_tables
from tests.whole.trial import Trial

_ALLOWED = {
    "person.lookup": {"pseudonym raw"},
    "person.phone_index": {"blind index raw"},
    "person.email_index": {"blind index raw"},
    "device.token_index": {"blind index raw"},
}
"""Columns that are looked up by a keyed one-way name (DESIGN 5, B40), and by which."""
_ELSEWHERE = {DeadLetterReason.NOT_ALLOWED, DeadLetterReason.UNPROCESSABLE}
"""Reasons that nothing here can have: every publisher may publish, and nothing fails by chance."""
_STRANGER = make_adults(9, seed=9)[8]
_WRONG = _STRANGER.number[:-1] + str((int(_STRANGER.number[-1]) + 1) % 10)


@pytest.mark.holds("I10")
@pytest.mark.parametrize("shift", [0, 1, 2])
def test_the_search_finds_a_secret_in_every_spelling(shift: int) -> None:
    secret = b"19121212" + b"1212"
    needles = Needles({"identity number": [secret]})
    inside = b"#" * shift + secret + b"-and-more"

    assert needles.find(inside) == {"identity number raw"}
    assert needles.find(inside.hex().encode()) == {"identity number hex"}
    assert needles.find(b64encode(inside)) == {"identity number base64"}
    assert needles.find(b"#" * 60 + b"191212121213") == set()


@pytest.mark.slow
@pytest.mark.usefixtures("well")
@pytest.mark.holds("I10", "B3", "B8", "B9", "B24", "B40", "R44")
@pytest.mark.timeout(180)
async def test_after_a_run_with_everything_in_it_nothing_personal_is_found_anywhere(trial: Trial) -> None:
    service = await trial.run(TELEMETRY__LEVEL="debug")
    said = [await _live_through(trial)]
    said += [await _ask(trial)]
    metrics = [await service.get(path) for path in ("/metrics", "/readyz", "/livez")]
    assert await service.stop() == 0

    secrets = secrets_of([*trial.people, _STRANGER], [_WRONG], trial.stage.keys)
    inside, found = Needles(secrets), {}
    async for where, hay in read_tables(trial):
        found[where] = inside.find(hay) - _ALLOWED.get(where, set())
    ids = [row["id"] for row in await trial.fetch("select id from person")]
    outside = Needles(secrets | person_ids(ids))
    async for where, hay in read_outgoing(trial):
        assert hay or where == "topic settings", where
        found[where] = outside.find(hay)
    for where, hay in (*read_logs(trial), *read_payloads(trial), *(("metrics", one) for one in metrics)):
        found[where] = found.get(where, set()) | outside.find(hay)
    found["what commands say"] = outside.find("".join(said).encode())

    assert {where: what for where, what in found.items() if what} == {}


@pytest.mark.holds("I10", "B40")
async def test_the_search_knows_the_secrets_as_they_are_stored(trial: Trial) -> None:
    await trial.run()
    needles = Needles(secrets_of(trial.people, (), trial.stage.keys))

    found = {where: needles.find(hay) async for where, hay in read_tables(trial)}

    assert {where: found[where] for where in _ALLOWED} == _ALLOWED


async def _live_through(trial: Trial) -> str:
    """Do everything that can be done: events, marks, dead letters, outages, gone tokens, deaths, protection, replay."""
    book, stage = trial.book, trial.stage
    told = [book.tell(person) for person in (*trial.people, *trial.people)]
    await trial.publish([*values(told), book.copy(told[0]), book.tell_of_stranger(_STRANGER).value])
    await publish_broken(trial, _STRANGER.number, _WRONG)
    gone, refused, broken = (person.phones[0].token for person in trial.adults[:3])
    orders = {gone: {"state": "gone"}, refused: {"state": "refused"}, broken: {"state": "bad"}}
    assert (await stage.order("PUT", "/tokens", orders)).status == 204
    await stage.set_provider("apns", condition="hang")
    await stage.set_provider("fcm", condition="down", status=500)
    await trial.publish(values(book.tell(person) for person in trial.people))
    await asyncio.sleep(1.5)
    for name in ("apns", "fcm"):
        await stage.set_provider(name)
    own = [one for one in told if not one.subject.guardians]
    await trial.publish([*(book.mark_read(one) for one in own[::2]), book.mark_acted(told[-1]), withdraw(trial)])
    await tighten(trial)
    await trial.hurry()
    await settle(trial, within=60)
    return "".join([(await command(trial, *words))[1] for words in await _replay(trial)])


async def _replay(trial: Trial) -> list[tuple[str, ...]]:
    letters = await trial.fetch("select id, reason from dead_letter order by id")
    one_of_each = {row["reason"]: str(row["id"]) for row in letters}
    assert set(one_of_each) == set(DeadLetterReason) - _ELSEWHERE
    return [
        ("dead-letters", "list"),
        *(("dead-letters", "show", number) for number in list(one_of_each.values())[:2]),
        ("dead-letters", "replay", *one_of_each.values(), "--operator", "anna"),
    ]


async def _ask(trial: Trial) -> str:
    """Let operators look at everything, and halt and resume."""
    child = next(one for one in trial.book.told if one.subject.guardians)
    asking = ("--operator", "anna", "--purpose", "trial")
    every = [
        *(("trace", "urn:se:1177:inkorg", one.id, *asking) for one in (child, trial.book.told[0])),
        ("trace", "urn:se:1177:inkorg", child.id, *asking, "--json"),
        ("halt", "push", "--operator", "anna", "--reason", "trial"),
        ("resume", "push", "--operator", "anna"),
        ("resume", "push", "--operator", "bo"),
        ("account",),
        ("upkeep",),
    ]
    said = [(await command(trial, *words))[1] for words in every]
    await trial.hurry()
    await settle(trial, within=60)
    return "".join(said)
